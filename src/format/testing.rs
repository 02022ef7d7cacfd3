//! What tests of containers share.

use std::io::Read;

use crate::base::blob::ReadAt;
use crate::base::budget::{Budget, Limits, Stopped};
use crate::format::{Content, Error, Format, Inside, Out};

/// Keeps every member, or what reading it gave.
#[derive(Debug, Default)]
pub(crate) struct Kept(pub(crate) Vec<(usize, Result<Vec<u8>, String>)>);

impl Out for Kept {
    fn wants(&self, _: usize) -> bool {
        true
    }

    fn member(&mut self, index: usize, content: &mut dyn Read) -> Result<(), Error> {
        let mut bytes = Vec::new();
        let read = std::io::copy(content, &mut bytes);
        self.0
            .push((index, read.map(|_| bytes).map_err(|e| e.to_string())));
        Ok(())
    }
}

/// The content of a member, or why it cannot be had.
pub(crate) type Outcome = Result<Vec<u8>, String>;

/// Path and content of every member, and the errors of blocks.
pub(crate) type Members = (Vec<(String, Outcome)>, Vec<Error>);

/// Every member.
pub(crate) fn members(format: &dyn Format, bytes: &Vec<u8>) -> Result<Members, Error> {
    let budget = Budget::start(Limits::default(), &Stopped);
    match format.open(bytes, &budget)? {
        Some(inside) => Ok(all(&*inside, bytes, &budget)),
        None => Ok((Vec::new(), Vec::new())),
    }
}

/// The same of what was opened already.
pub(crate) fn all(inside: &dyn Inside, bytes: &Vec<u8>, budget: &Budget<'_>) -> Members {
    let mut kept = Kept::default();
    let errors = (0..inside.blocks())
        .filter_map(|block| inside.decode(bytes, block, budget, &mut kept).err())
        .collect();
    let members = inside.entries().iter().enumerate().map(|(index, entry)| {
        let content = match &entry.content {
            Content::Stored(span) => bytes.read_range(span.clone()).map_err(|e| e.to_string()),
            Content::Unreadable(why) => Err(why.clone()),
            Content::Coded => kept
                .0
                .iter()
                .find(|(at, _)| *at == index)
                .map_or(Err("not handed out".to_owned()), |(_, read)| read.clone()),
        };
        (entry.path.clone(), content)
    });
    (members.collect(), errors)
}

/// Every cut, and every byte replaced in three ways: an answer, whatever it is.
pub(crate) fn survives(format: &dyn Format, bytes: &[u8]) {
    for len in 0..bytes.len() {
        let _ = members(format, &bytes[..len].to_vec());
    }
    for at in 0..bytes.len() {
        for change in [0x01, 0x80, 0xff] {
            let mut spoiled = bytes.to_vec();
            spoiled[at] ^= change;
            let _ = members(format, &spoiled);
        }
    }
}
