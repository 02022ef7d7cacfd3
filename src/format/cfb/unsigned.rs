//! What no signature over a compound file reaches: bytes that belong to no stream, and fields that only locate.

use crate::base::blob::ReadAt;
use crate::base::budget::Budget;
use crate::format::cfb::Compound;
use crate::format::cfb::findings::{COMPOUND_FILE_IRREGULAR, UNSIGNED_SLACK};
use crate::format::error::Error;
use crate::format::look::{self, Look, bytes};
use crate::model::extract::Span;
use crate::model::finding::{Finding, Status};

/// Bytes read at a time.
const CHUNK: u64 = 64 << 10;
/// Places that a finding names as evidence.
const SHOWN: usize = 8;
/// Places that are looked at for marks of other formats.
const LOOKED_AT: usize = 64;

impl Compound {
    /// What is to be said of everything that belongs to no stream, and of odd fields.
    pub(in crate::format) fn findings(
        &self,
        blob: &dyn ReadAt,
        budget: &Budget<'_>,
    ) -> Result<Vec<Finding>, Error> {
        let mut findings = self.irregular();
        findings.extend(self.between(blob, budget)?);
        // Writers round a file up to what they allocate at once: zeros carry nothing.
        if first_data(blob, &self.behind, budget)?.is_some() {
            findings.extend(look::after_container(blob, self.behind.clone())?);
        }
        Ok(findings)
    }

    fn irregular(&self) -> Vec<Finding> {
        let mut whats: Vec<&str> = self.odd.iter().map(|odd| odd.what).collect();
        whats.dedup();
        whats.truncate(SHOWN);
        let Some(first) = self.odd.first() else {
            return Vec::new();
        };
        let message = format!(
            "{} fields that nothing signs are unusual, the first at offset {}: {}",
            self.odd.len(),
            first.span.start,
            whats.join("; ")
        );
        let finding = Finding::new(&COMPOUND_FILE_IRREGULAR, Status::Review, message);
        let spans = self.odd.iter().take(SHOWN).map(|odd| bytes(&odd.span));
        vec![spans.fold(finding, Finding::with)]
    }

    fn between(&self, blob: &dyn ReadAt, budget: &Budget<'_>) -> Result<Vec<Finding>, Error> {
        let mut with_data: Vec<Span> = Vec::new();
        for span in &self.slack {
            if let Some(start) = first_data(blob, span, budget)? {
                with_data.push(start..span.end);
            }
        }
        let Some(first) = with_data.first() else {
            return Ok(Vec::new());
        };
        let total = with_data.iter().fold(0u64, |total, span| {
            total.saturating_add(span.end.saturating_sub(span.start))
        });
        let message = format!(
            "{total} bytes in {} places between the streams hold data, the first at offset {}",
            with_data.len(),
            first.start
        );
        let finding = Finding::new(&UNSIGNED_SLACK, Status::Review, message);
        let shown = with_data.iter().take(SHOWN).map(bytes);
        let mut findings = vec![shown.fold(finding, Finding::with)];
        for span in with_data.iter().take(LOOKED_AT) {
            findings.extend(Look::of(blob, span)?.polyglot(span));
        }
        Ok(findings)
    }
}

/// Where the first byte of `span` that is not zero stands.
fn first_data(blob: &dyn ReadAt, span: &Span, budget: &Budget<'_>) -> Result<Option<u64>, Error> {
    let mut at = span.start;
    while at < span.end {
        budget.check_time()?;
        let end = span.end.min(at.saturating_add(CHUNK));
        let chunk = blob.read_range(at..end).map_err(Error::read(at))?;
        if let Some(place) = chunk.iter().position(|b| *b != 0) {
            let place = u64::try_from(place).unwrap_or_default();
            return Ok(Some(at.saturating_add(place)));
        }
        at = end;
    }
    Ok(None)
}
