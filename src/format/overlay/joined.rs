//! Several lists of members as one.

use std::io::Read;

use crate::base::blob::ReadAt;
use crate::base::budget::Budget;
use crate::format::{Entry, Error, Inside, Out};
use crate::model::finding::Finding;

/// Members that all stand in the container as they are.
#[derive(Debug)]
pub(super) struct Listed(Vec<Entry>);

impl Listed {
    pub(super) fn new(entries: Vec<Entry>) -> Self {
        Self(entries)
    }
}

impl Inside for Listed {
    fn entries(&self) -> &[Entry] {
        &self.0
    }

    fn blocks(&self) -> usize {
        0
    }

    fn decode(
        &self,
        _: &dyn ReadAt,
        _: usize,
        _: &Budget<'_>,
        _: &mut dyn Out,
    ) -> Result<(), Error> {
        Ok(())
    }
}

/// One list behind the other.
#[derive(Debug)]
pub(super) struct Joined {
    parts: Vec<Box<dyn Inside>>,
    entries: Vec<Entry>,
    findings: Vec<Finding>,
}

impl Joined {
    pub(super) fn new(parts: Vec<Box<dyn Inside>>) -> Self {
        Self {
            entries: parts
                .iter()
                .flat_map(|part| part.entries())
                .cloned()
                .collect(),
            findings: parts
                .iter()
                .flat_map(|part| part.findings())
                .cloned()
                .collect(),
            parts,
        }
    }
}

impl Inside for Joined {
    fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn blocks(&self) -> usize {
        self.parts
            .iter()
            .fold(0, |sum, part| sum.saturating_add(part.blocks()))
    }

    fn decode(
        &self,
        blob: &dyn ReadAt,
        block: usize,
        budget: &Budget<'_>,
        out: &mut dyn Out,
    ) -> Result<(), Error> {
        let (mut block, mut first) = (block, 0usize);
        for part in &self.parts {
            match block.checked_sub(part.blocks()) {
                None => return part.decode(blob, block, budget, &mut Shifted { out, first }),
                Some(rest) => block = rest,
            }
            first = first.saturating_add(part.entries().len());
        }
        Ok(())
    }

    fn findings(&self) -> &[Finding] {
        &self.findings
    }
}

/// Members of one part, by their place in the whole.
struct Shifted<'o> {
    out: &'o mut dyn Out,
    first: usize,
}

impl Out for Shifted<'_> {
    fn wants(&self, index: usize) -> bool {
        self.out.wants(self.first.saturating_add(index))
    }

    fn member(&mut self, index: usize, content: &mut dyn Read) -> Result<(), Error> {
        self.out.member(self.first.saturating_add(index), content)
    }
}
