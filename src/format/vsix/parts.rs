//! Every part, decoded once: its digests, and whether it is code.

use std::collections::BTreeSet;
use std::io::{BufReader, Read};

use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};

use crate::base::blob::{Cursor, ReadAt, Slice};
use crate::base::budget::Budget;
use crate::format::vsix::opc::{CONTENT_TYPES, Package};
use crate::format::zip::Members;
use crate::format::{Content, Error, Inside, Kind, Out};
use crate::model::digest::{DigestAlgorithm, Digests};
use crate::model::extract::Part;

/// XML kept in all, for the transforms that a signature may ask; relationships of a package are a few kilobytes.
pub(super) const MAX_KEPT: u64 = 16 << 20;
/// … and of one part.
const MAX_KEPT_PART: usize = 1 << 20;
/// Bytes read at a time.
const BUFFER: usize = 64 << 10;

/// Endings of what Windows or Visual Studio runs.
const CODE: [&str; 17] = [
    "exe", "dll", "sys", "ocx", "scr", "cpl", "com", "msi", "ps1", "psm1", "bat", "cmd", "vbs",
    "wsf", "js", "node", "jar",
];

/// The parts in the order of the directory.
pub(super) fn read(
    blob: &dyn ReadAt,
    members: &Members,
    names: &[String],
    package: &Package,
    budget: &Budget<'_>,
) -> Result<Vec<Part>, Error> {
    let files = members.entries().iter().zip(names);
    let parts = files.map(|(entry, name)| {
        let is_part = entry.kind == Kind::File && !name.eq_ignore_ascii_case(CONTENT_TYPES);
        is_part.then(|| {
            let name = format!("/{name}");
            Part {
                content_type: package.content_type(&name).map(str::to_owned),
                digests: Digests::new(),
                document: None,
                executable: has_ending(&name),
                infrastructure: package.infrastructure.contains(&name.to_ascii_lowercase()),
                name,
            }
        })
    });
    let mut taker = Taker {
        parts: parts.collect(),
        algorithms: &package.algorithms,
        kept: 0,
    };
    for (index, entry) in members.entries().iter().enumerate() {
        if let Content::Stored(span) = &entry.content
            && taker.wants(index)
        {
            let slice = Slice::new(blob, span.clone()).map_err(Error::read(span.start))?;
            taker.member(
                index,
                &mut BufReader::with_capacity(BUFFER, Cursor::new(slice)),
            )?;
            budget.check_time()?;
        }
    }
    for block in 0..members.blocks() {
        // A part that cannot be decoded keeps no digest, which no signature over it survives.
        if let Err(limit @ Error::Limit(_)) = members.decode(blob, block, budget, &mut taker) {
            return Err(limit);
        }
    }
    Ok(taker.parts.into_iter().flatten().collect())
}

fn has_ending(name: &str) -> bool {
    name.rsplit_once('.')
        .is_some_and(|(_, ending)| CODE.iter().any(|code| ending.eq_ignore_ascii_case(code)))
}

struct Taker<'a> {
    parts: Vec<Option<Part>>,
    algorithms: &'a BTreeSet<DigestAlgorithm>,
    kept: u64,
}

impl Out for Taker<'_> {
    fn wants(&self, index: usize) -> bool {
        self.parts.get(index).is_some_and(Option::is_some)
    }

    fn member(&mut self, index: usize, content: &mut dyn Read) -> Result<(), Error> {
        let Some(Some(part)) = self.parts.get_mut(index) else {
            return Ok(());
        };
        let is_xml = part
            .content_type
            .as_deref()
            .is_some_and(|t| t.ends_with("xml"));
        let mut document = (is_xml && self.kept < MAX_KEPT).then(Vec::new);
        let mut hashes = Hashes::of(self.algorithms);
        let mut buffer = vec![0; BUFFER];
        let mut first = true;
        loop {
            let read = content.read(&mut buffer).map_err(Error::read(0))?;
            let bytes = buffer.get(..read).unwrap_or_default();
            if bytes.is_empty() {
                break;
            }
            if std::mem::take(&mut first) {
                part.executable |= bytes.starts_with(b"MZ");
            }
            hashes.update(bytes);
            document = document.filter(|d: &Vec<u8>| d.len().saturating_add(read) <= MAX_KEPT_PART);
            if let Some(document) = &mut document {
                document.extend_from_slice(bytes);
            }
        }
        let kept = document.as_ref().map_or(0, Vec::len);
        self.kept = self
            .kept
            .saturating_add(u64::try_from(kept).unwrap_or(u64::MAX));
        part.digests = hashes.finish();
        part.document = document;
        Ok(())
    }
}

/// The digests that signatures of packages name, side by side.
#[derive(Default)]
struct Hashes {
    sha1: Option<Sha1>,
    sha256: Option<Sha256>,
    sha384: Option<Sha384>,
    sha512: Option<Sha512>,
}

impl Hashes {
    fn of(algorithms: &BTreeSet<DigestAlgorithm>) -> Self {
        let wanted = |algorithm| algorithms.contains(&algorithm);
        Self {
            sha1: wanted(DigestAlgorithm::Sha1).then(Sha1::new),
            sha256: wanted(DigestAlgorithm::Sha256).then(Sha256::new),
            sha384: wanted(DigestAlgorithm::Sha384).then(Sha384::new),
            sha512: wanted(DigestAlgorithm::Sha512).then(Sha512::new),
        }
    }

    fn update(&mut self, bytes: &[u8]) {
        if let Some(hash) = &mut self.sha1 {
            hash.update(bytes);
        }
        if let Some(hash) = &mut self.sha256 {
            hash.update(bytes);
        }
        if let Some(hash) = &mut self.sha384 {
            hash.update(bytes);
        }
        if let Some(hash) = &mut self.sha512 {
            hash.update(bytes);
        }
    }

    fn finish(self) -> Digests {
        [
            (
                DigestAlgorithm::Sha1,
                self.sha1.map(|h| h.finalize().to_vec()),
            ),
            (
                DigestAlgorithm::Sha256,
                self.sha256.map(|h| h.finalize().to_vec()),
            ),
            (
                DigestAlgorithm::Sha384,
                self.sha384.map(|h| h.finalize().to_vec()),
            ),
            (
                DigestAlgorithm::Sha512,
                self.sha512.map(|h| h.finalize().to_vec()),
            ),
        ]
        .into_iter()
        .filter_map(|(algorithm, digest)| Some((algorithm, digest?)))
        .collect()
    }
}
