//! Signed certificate timestamps inside a certificate (RFC 6962 section 3).

use crate::base::der::{self, Reader, tag};
use crate::base::oid::Oid;
use crate::base::time::Time;
use crate::envelope::sigstore::Log;
use crate::model::certificate::Certificate;
use crate::model::digest::DigestAlgorithm;
use crate::verify::crypto::Answer;
use crate::verify::digest;
use crate::verify::sigstore::key;
use crate::verify::sigstore::outcome::{Fault, FaultKind};

/// The extension (RFC 6962 section 3.3).
const EXTENSION: &str = "1.3.6.1.4.1.11129.2.4.2";
/// Timestamps in one certificate: one is usual, browsers ask for three.
const MAX_TIMESTAMPS: usize = 16;

struct Timestamp<'a> {
    log_id: &'a [u8],
    millis: u64,
    /// What follows the certificate in the signed structure: extensions with their length.
    extensions: &'a [u8],
    signature: &'a [u8],
}

/// Checks every timestamp; at least one of a log that the trusted root names must hold, and none of one may not.
pub(super) fn check(leaf: &Certificate, issuer: &Certificate, logs: &[Log]) -> Vec<Fault> {
    let fault = |kind, message: &str| {
        vec![Fault {
            kind,
            message: message.into(),
        }]
    };
    let Some(value) = Oid::parse(EXTENSION).and_then(|oid| leaf.extensions.get(&oid)) else {
        return fault(
            FaultKind::NoCertificateTimestamp,
            "the certificate has no signed certificate timestamp",
        );
    };
    let (Some(timestamps), Some(entry)) = (read(value), precertificate(leaf, issuer)) else {
        return fault(
            FaultKind::CertificateTimestamp,
            "the signed certificate timestamps cannot be read",
        );
    };
    let mut faults = Vec::new();
    let mut held = 0usize;
    for timestamp in &timestamps {
        let named = logs.iter().filter(|log| log.log_id == timestamp.log_id);
        for log in named {
            match judge(timestamp, &entry, log) {
                None => held = held.saturating_add(1),
                Some(fault) => faults.push(fault),
            }
        }
    }
    if held == 0 && faults.is_empty() {
        return fault(
            FaultKind::NoCertificateTimestamp,
            "no signed certificate timestamp is of a log that the trusted root names",
        );
    }
    faults
}

fn judge(timestamp: &Timestamp<'_>, entry: &[u8], log: &Log) -> Option<Fault> {
    let at = i64::try_from(timestamp.millis)
        .ok()
        .and_then(|millis| millis.checked_div(1000))
        .and_then(|seconds| Time::from_unix_timestamp(seconds).ok());
    if !at.is_some_and(|at| log.valid.contains(at)) {
        return Some(Fault {
            kind: FaultKind::OutsideValidity,
            message: "a signed certificate timestamp is from outside its log's time".into(),
        });
    }
    // RFC 6962 section 3.2: version 1, a certificate timestamp, its time, a precertificate entry.
    let mut message = vec![0, 0];
    message.extend(timestamp.millis.to_be_bytes());
    message.extend([0, 1]);
    message.extend_from_slice(entry);
    message.extend_from_slice(timestamp.extensions);
    match key::verify(&log.spki, &message, timestamp.signature) {
        Answer::Valid => None,
        Answer::Invalid => Some(Fault {
            kind: FaultKind::CertificateTimestamp,
            message: "a signed certificate timestamp does not hold".into(),
        }),
        Answer::Unsupported(what) => Some(Fault {
            kind: FaultKind::Unsupported,
            message: format!("a signed certificate timestamp is not computed: {what}"),
        }),
    }
}

/// The list in the extension's value: an OCTET STRING with a TLS vector of TLS vectors.
fn read(value: &[u8]) -> Option<Vec<Timestamp<'_>>> {
    let mut outer = Reader::der(value);
    let list = outer.expect(tag::OCTET_STRING, "expected a list").ok()?;
    outer.finish().ok()?;
    let (mut list, rest) = vector(list.value)?;
    if !rest.is_empty() {
        return None;
    }
    let mut found = Vec::new();
    while !list.is_empty() {
        if found.len() >= MAX_TIMESTAMPS {
            return None;
        }
        let (one, rest) = vector(list)?;
        found.push(timestamp(one)?);
        list = rest;
    }
    Some(found)
}

/// A vector with a length of two octets, and what follows it.
fn vector(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (len, rest) = bytes.split_first_chunk::<2>()?;
    rest.split_at_checked(usize::from(u16::from_be_bytes(*len)))
}

/// RFC 6962 section 3.2. The algorithm pair before the signature says what the log's key says already.
fn timestamp(bytes: &[u8]) -> Option<Timestamp<'_>> {
    let (version, rest) = bytes.split_first()?;
    if *version != 0 {
        return None;
    }
    let (log_id, rest) = rest.split_at_checked(32)?;
    let (millis, rest) = rest.split_first_chunk::<8>()?;
    let (extensions, after) = vector(rest)?;
    let extensions = rest.get(..extensions.len().checked_add(2)?)?;
    let (algorithms, after) = after.split_at_checked(2)?;
    // SHA-256 with ECDSA or RSA (RFC 5246 section 7.4.1.4.1), the only pairs that RFC 6962 section 2.1.4 has.
    if !matches!(algorithms, [4, 1 | 3]) {
        return None;
    }
    let (signature, rest) = vector(after)?;
    rest.is_empty().then_some(Timestamp {
        log_id,
        millis: u64::from_be_bytes(*millis),
        extensions,
        signature,
    })
}

/// The entry that logs sign for a certificate: the hash of its issuer's key, and its body without the timestamps, which came after
/// (RFC 6962 section 3.2).
fn precertificate(leaf: &Certificate, issuer: &Certificate) -> Option<Vec<u8>> {
    let body = without_timestamps(leaf.tbs()).ok()??;
    let mut entry = digest::hash(DigestAlgorithm::Sha256, &issuer.spki)?;
    let len = u32::try_from(body.len()).ok()?.to_be_bytes();
    entry.extend_from_slice(len.strip_prefix(&[0])?);
    entry.extend(body);
    Some(entry)
}

/// tbsCertificate with one extension taken out and the lengths around it put right; `None` where it has none.
fn without_timestamps(tbs: &[u8]) -> Result<Option<Vec<u8>>, der::Error> {
    let mut outer = Reader::der(tbs);
    let sequence = outer.expect(tag::SEQUENCE, "expected tbsCertificate")?;
    let mut fields = sequence.reader();
    let mut before = Vec::new();
    while fields.peek().is_some_and(|t| t != tag::explicit(3)) {
        before.extend_from_slice(fields.any()?.raw);
    }
    let Some(wrapped) = fields.optional(tag::explicit(3))? else {
        return Ok(None);
    };
    fields.finish()?;
    let mut inner = wrapped.reader();
    let mut list = inner.expect(tag::SEQUENCE, "expected extensions")?.reader();
    let mut kept = Vec::new();
    let mut taken = 0usize;
    while !list.is_empty() {
        let extension = list.any()?;
        if extension.reader().any()?.oid()?.is(EXTENSION) {
            taken = taken.saturating_add(1);
        } else {
            kept.extend_from_slice(extension.raw);
        }
    }
    if taken != 1 {
        return Ok(None);
    }
    before.extend(tlv(tag::explicit(3), &tlv(tag::SEQUENCE, &kept)));
    Ok(Some(tlv(tag::SEQUENCE, &before)))
}

fn tlv(tag: u8, contents: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    match u8::try_from(contents.len()) {
        Ok(short) if short < 0x80 => out.push(short),
        _ => {
            let len = contents.len().to_be_bytes();
            let len: Vec<u8> = len.into_iter().skip_while(|b| *b == 0).collect();
            out.push(0x80 | u8::try_from(len.len()).unwrap_or(0));
            out.extend(len);
        }
    }
    out.extend_from_slice(contents);
    out
}
