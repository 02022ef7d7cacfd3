//! The parts of a package against its block map: each there once and in order, of the right size, block by block.

use std::collections::BTreeSet;
use std::io::Read;

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use sha2::{Digest, Sha256, Sha384, Sha512};

use crate::base::budget::Budget;
use crate::format::Error;
use crate::format::listing::quoted;
use crate::format::look::bytes;
use crate::format::msix::block_map::{BlockMap, File};
use crate::format::msix::findings::BLOCK_MAP_MISMATCH;
use crate::format::msix::parts::{
    BLOCK_MAP, CODE_INTEGRITY, CONTENT_TYPES, Parts, SIGNATURE, decoded,
};
use crate::format::zip::open_entry;
use crate::format::zip::records::Record;
use crate::model::digest::DigestAlgorithm;
use crate::model::finding::{Finding, Status};

/// Bytes of a block, all but the last of a part.
const BLOCK: usize = 64 << 10;
/// Differences that the finding names; the rest is counted.
const MAX_NAMED: usize = 5;
/// Bytes that end a deflate stream after its last block: a final block without content (RFC 1951 section 3.2.6).
const FINAL_BLOCK: u64 = 2;

/// Parts that no block map lists: they are covered by the signature itself, or are it.
const UNLISTED: [&str; 4] = [SIGNATURE, CODE_INTEGRITY, CONTENT_TYPES, BLOCK_MAP];

/// Everything in which parts and block map differ; `packages` are the parts that a bundle's manifest lists instead.
pub(super) fn check(
    parts: &Parts<'_>,
    map: &BlockMap,
    packages: &BTreeSet<usize>,
    budget: &Budget<'_>,
) -> Result<Option<Finding>, Error> {
    let mut differences = Vec::new();
    let mut listed: BTreeSet<usize> = BTreeSet::new();
    let mut reached = 0;
    let mut found: Vec<(&File, &Record)> = Vec::new();
    for file in &map.files {
        let Some((index, record)) = parts.listed(&file.name) else {
            differences.push(format!("{} is listed and not there", quoted(&file.name)));
            continue;
        };
        if UNLISTED.contains(&record.name.as_str()) || packages.contains(&index) {
            differences.push(format!("{} must not be listed", quoted(&file.name)));
        }
        if !listed.insert(index) {
            differences.push(format!("{} is listed twice", quoted(&file.name)));
            continue;
        }
        let at = record.local.as_ref().map_or(0, |l| l.header.start);
        if at < reached {
            differences.push(format!("{} is listed out of order", quoted(&file.name)));
        }
        reached = reached.max(at);
        found.push((file, record));
    }
    for (index, record) in parts.layout.entries.iter().enumerate() {
        let exempt = UNLISTED.contains(&decoded(&record.name).as_str());
        if !exempt && !listed.contains(&index) && !packages.contains(&index) {
            differences.push(format!("{} is not listed", quoted(&record.name)));
        }
    }
    let answers: Vec<Result<Option<String>, Error>> = found
        .par_iter()
        .map(|(file, record)| part(parts, file, record, map.algorithm, budget))
        .collect();
    for answer in answers {
        differences.extend(answer?);
    }
    Ok(finding(parts, &differences))
}

fn finding(parts: &Parts<'_>, differences: &[String]) -> Option<Finding> {
    let (first, _) = differences.split_first()?;
    let named: Vec<&str> = differences
        .iter()
        .take(MAX_NAMED)
        .map(String::as_str)
        .collect();
    let message = match differences.len() {
        1 => first.clone(),
        count => format!("{count} differences: {}", named.join("; ")),
    };
    let finding = Finding::new(&BLOCK_MAP_MISMATCH, Status::Fail, message);
    Some(match parts.named(BLOCK_MAP) {
        Some(record) => finding.with(bytes(&record.central)),
        None => finding,
    })
}

/// In what one part differs, if it does. A part that cannot be decoded differs; a limit is an error.
fn part(
    parts: &Parts<'_>,
    file: &File,
    record: &Record,
    algorithm: DigestAlgorithm,
    budget: &Budget<'_>,
) -> Result<Option<String>, Error> {
    let name = quoted(&record.name);
    if record.size != file.size {
        return Ok(Some(format!(
            "{name} has {} bytes, {} are listed",
            record.size, file.size
        )));
    }
    let header = record.local.as_ref().map(|l| &l.header);
    let header_len = header.map_or(0, |h| h.end.saturating_sub(h.start));
    if header_len != file.header_len {
        return Ok(Some(format!(
            "{name} has a local header of {header_len} bytes, {} are listed",
            file.header_len
        )));
    }
    if let Some(sum) = coded(file).filter(|_| record.method != 0) {
        let whole = sum == record.compressed;
        if !whole && sum.checked_add(FINAL_BLOCK) != Some(record.compressed) {
            return Ok(Some(format!(
                "{name} is compressed to {} bytes, its blocks to {sum}",
                record.compressed
            )));
        }
    }
    match hashes(parts, file, record, algorithm, budget) {
        Ok(None) => Ok(None),
        Ok(Some(what)) => Ok(Some(format!("{name}: {what}"))),
        Err(Error::Limit(limit)) => Err(Error::Limit(limit)),
        Err(error) => Ok(Some(format!("{name}: {error}"))),
    }
}

/// Sizes of all blocks as they stand in the zip, where every block states one.
fn coded(file: &File) -> Option<u64> {
    if file.blocks.is_empty() {
        return None;
    }
    let mut sizes = file.blocks.iter().map(|b| b.size);
    sizes.try_fold(0u64, |sum, size| sum.checked_add(size?))
}

fn hashes(
    parts: &Parts<'_>,
    file: &File,
    record: &Record,
    algorithm: DigestAlgorithm,
    budget: &Budget<'_>,
) -> Result<Option<String>, Error> {
    let mut content = open_entry(parts.blob, record, budget)?;
    let mut block = vec![0; BLOCK];
    let mut blocks = file.blocks.iter().zip(1u64..);
    loop {
        let mut filled = 0;
        while let Some(rest) = block.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            let at = record.central.start;
            let read = content
                .read(rest)
                .map_err(|e| Error::decoding(&BLOCK_MAP_MISMATCH, at, &e))?;
            if read == 0 {
                break;
            }
            filled = filled.saturating_add(read);
        }
        let bytes = block.get(..filled).unwrap_or_default();
        match (bytes.is_empty(), blocks.next()) {
            (true, None) => return Ok(None),
            (true, Some(_)) => return Ok(Some("more blocks are listed than there are".into())),
            (false, None) => return Ok(Some("fewer blocks are listed than there are".into())),
            (false, Some((stated, number))) => {
                if base64(&digest(algorithm, bytes)) != stated.hash {
                    return Ok(Some(format!("block {number} has another digest")));
                }
            }
        }
    }
}

/// Of the three algorithms that a block map may name.
fn digest(algorithm: DigestAlgorithm, bytes: &[u8]) -> Vec<u8> {
    match algorithm {
        DigestAlgorithm::Sha256 => Sha256::digest(bytes).to_vec(),
        DigestAlgorithm::Sha384 => Sha384::digest(bytes).to_vec(),
        DigestAlgorithm::Sha512 => Sha512::digest(bytes).to_vec(),
        DigestAlgorithm::Md2
        | DigestAlgorithm::Md5
        | DigestAlgorithm::Sha1
        | DigestAlgorithm::Sha224 => Vec::new(),
    }
}

/// RFC 4648, section 4.
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let octet = |at: usize| u32::from(chunk.get(at).copied().unwrap_or_default());
        let word = (octet(0) << 16) | (octet(1) << 8) | octet(2);
        for (nth, shift) in [18u32, 12, 6, 0].into_iter().enumerate() {
            let six = usize::try_from((word >> shift) & 63).unwrap_or_default();
            let digit = ALPHABET.get(six).copied().unwrap_or(b'=');
            out.push(if nth <= chunk.len() {
                char::from(digit)
            } else {
                '='
            });
        }
    }
    out
}
