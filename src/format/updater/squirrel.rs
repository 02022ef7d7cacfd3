//! Squirrel.Windows: `RELEASES`, a line a package: SHA-1, file name or URL, size.

use super::draft::{Draft, lines, place};
use super::{Dialect, Path};
use crate::format::Error;
use crate::model::updater::{Effect, UpdaterConfig, UpdaterKind};

pub(super) struct Squirrel;

impl Dialect for Squirrel {
    fn wants(&self, path: &Path<'_>) -> bool {
        path.name() == "releases"
    }

    fn read(&self, path: &Path<'_>, bytes: &[u8]) -> Result<Option<UpdaterConfig>, Error> {
        let mut draft = Draft::new(UpdaterKind::Squirrel, path, bytes);
        let mut first = None;
        for (line, start) in lines(bytes) {
            let entry = line
                .trim_start_matches('\u{feff}')
                .split('#')
                .next()
                .unwrap_or_default();
            let mut fields = entry.split_ascii_whitespace();
            let (Some(digest), Some(name), Some(size), None) =
                (fields.next(), fields.next(), fields.next(), fields.next())
            else {
                if entry.trim().is_empty() {
                    continue;
                }
                return Ok(None);
            };
            let is_digest = digest.len() == 40 && digest.bytes().all(|b| b.is_ascii_hexdigit());
            if !is_digest || size.parse::<u64>().is_err() {
                return Ok(None);
            }
            first.get_or_insert_with(|| place(line, start, digest));
            if name.contains("://") {
                draft.feed(name, place(line, start, name));
            }
        }
        let Some(span) = first else {
            return Ok(None);
        };
        draft.switch("digest", "SHA-1", Effect::WeakDigest, span.clone());
        draft.switch(
            "signature",
            "RELEASES has none",
            Effect::AcceptsUnsigned,
            span,
        );
        Ok(Some(draft.done()))
    }
}
