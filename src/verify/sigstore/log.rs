//! Entries of a transparency log: the log's promise, the proof that it kept it, and its word for the tree.

use crate::base::time::Time;
use crate::envelope::sigstore::{Bundle, Checkpoint, InclusionProof, Log, LogEntry, Version};
use crate::model::digest::{DigestAlgorithm, hex};
use crate::verify::crypto::Answer;
use crate::verify::digest::Hasher;
use crate::verify::sigstore::key;
use crate::verify::sigstore::outcome::{Fault, FaultKind, LoggedEntry};

/// First octet of what is hashed for a leaf and for a node (RFC 6962 section 2.1).
const LEAF: u8 = 0;
const NODE: u8 = 1;

/// The log that an entry says it is of.
pub(super) fn of<'l>(entry: &LogEntry, logs: &'l [Log]) -> Option<&'l Log> {
    logs.iter().find(|log| log.log_id == entry.log_id)
}

/// Checks an entry by itself; what it records is compared elsewhere.
pub(super) fn check(
    entry: &LogEntry,
    bundle: &Bundle,
    logs: &[Log],
    faults: &mut Vec<Fault>,
) -> LoggedEntry {
    let mut logged = LoggedEntry {
        log: String::new(),
        log_index: entry.log_index,
        kind: format!("{} {}", entry.kind, entry.kind_version)
            .escape_debug()
            .to_string(),
        is_included: false,
        integrated: None,
    };
    let mut fault = |kind, message: String| faults.push(Fault { kind, message });
    let Some(log) = of(entry, logs) else {
        fault(
            FaultKind::UnknownLog,
            "the entry is of a log that the trusted root does not name".into(),
        );
        return logged;
    };
    logged.log = log.base_url.clone();
    match promise(entry, log) {
        None => {}
        Some(Ok(at)) if !log.valid.contains(at) => fault(
            FaultKind::OutsideValidity,
            "the entry is from outside its log's time".into(),
        ),
        Some(Ok(at)) => logged.integrated = Some(at),
        Some(Err(Answer::Unsupported(what))) => fault(
            FaultKind::Unsupported,
            format!("the log's promise is not computed: {what}"),
        ),
        Some(Err(Answer::Valid | Answer::Invalid)) => {
            fault(FaultKind::Promise, "the log's promise does not hold".into())
        }
    }
    match &entry.proof {
        Some(proof) => match inclusion(entry, proof, log) {
            Ok(()) => logged.is_included = true,
            Err((kind, message)) => fault(kind, message),
        },
        // Version 0.1 asks for a promise only.
        None if bundle.version == Version::V0_1 && logged.integrated.is_some() => {}
        None => fault(
            FaultKind::NoProof,
            "the entry comes without a proof of inclusion".into(),
        ),
    }
    logged
}

/// The log's signature over entry, time, log and index (Rekor, signed entry timestamp): canonical JSON (RFC 8785), whose members are
/// simple enough to be written down.
fn promise(entry: &LogEntry, log: &Log) -> Option<Result<Time, Answer>> {
    let signature = entry.promise.as_ref()?;
    let seconds = entry.integrated_time.unwrap_or(0);
    let at = match Time::from_unix_timestamp(seconds) {
        Ok(at) if seconds > 0 => at,
        _ => return Some(Err(Answer::Invalid)),
    };
    // What base64 leaves as it is needs no escaping; anything else was refused when the entry was read.
    let message = format!(
        r#"{{"body":"{}","integratedTime":{seconds},"logID":"{}","logIndex":{}}}"#,
        entry.body_base64,
        hex(&entry.log_id),
        entry.log_index
    );
    Some(
        match key::verify(&log.spki, message.as_bytes(), signature) {
            Answer::Valid => Ok(at),
            other => Err(other),
        },
    )
}

fn inclusion(
    entry: &LogEntry,
    proof: &InclusionProof,
    log: &Log,
) -> Result<(), (FaultKind, String)> {
    // Where no promise covers the entry's index, the proof's is the only one that anything vouches for.
    if entry.promise.is_none() && entry.log_index != proof.log_index {
        return Err((
            FaultKind::Proof,
            "the proof of inclusion is of another index than the entry".into(),
        ));
    }
    let computed = root(entry, proof);
    if computed.as_deref() != Some(proof.root_hash.as_slice()) {
        return Err((
            FaultKind::Proof,
            "the proof of inclusion does not lead to its root".into(),
        ));
    }
    let note = proof.checkpoint.as_deref().ok_or_else(|| {
        (
            FaultKind::Checkpoint,
            "the proof of inclusion comes without a checkpoint".into(),
        )
    })?;
    let checkpoint =
        Checkpoint::read(note).map_err(|error| (FaultKind::Checkpoint, error.to_string()))?;
    if checkpoint.root_hash != proof.root_hash || checkpoint.tree_size != proof.tree_size {
        return Err((
            FaultKind::Checkpoint,
            "the checkpoint is of another tree than the proof".into(),
        ));
    }
    signed_by(&checkpoint, log)
}

/// One signature must be the log's: under its name, its key's hint, and its key. Others are of witnesses, whom no trusted root names.
fn signed_by(checkpoint: &Checkpoint, log: &Log) -> Result<(), (FaultKind, String)> {
    let hint = log.log_id.first_chunk::<4>();
    let mut unsupported = None;
    for signature in &checkpoint.signatures {
        // Rekor's first generation appends its tree's number to the origin.
        let of_origin = checkpoint
            .origin
            .strip_prefix(&signature.name)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(" - "));
        if !of_origin || Some(&signature.key_hint) != hint {
            continue;
        }
        match key::verify(
            &log.spki,
            checkpoint.signed.as_bytes(),
            &signature.signature,
        ) {
            Answer::Valid => return Ok(()),
            Answer::Invalid => {}
            Answer::Unsupported(what) => unsupported = Some(what),
        }
    }
    Err(match unsupported {
        Some(what) => (
            FaultKind::Unsupported,
            format!("the checkpoint's signature is not computed: {what}"),
        ),
        None => (
            FaultKind::Checkpoint,
            "the checkpoint is not signed by the log".into(),
        ),
    })
}

fn hashed(parts: &[&[u8]]) -> Option<Vec<u8>> {
    let mut hasher = Hasher::new(DigestAlgorithm::Sha256)?;
    for part in parts {
        hasher.update(part);
    }
    Some(hasher.finish())
}

/// The root that the proof leads to (RFC 9162 section 2.1.3.2, which is RFC 6962's proof written as an algorithm).
fn root(entry: &LogEntry, proof: &InclusionProof) -> Option<Vec<u8>> {
    if proof.log_index >= proof.tree_size {
        return None;
    }
    let (mut node, mut last) = (proof.log_index, proof.tree_size.checked_sub(1)?);
    let mut hash = hashed(&[&[LEAF], &entry.body])?;
    for neighbour in &proof.hashes {
        if last == 0 || neighbour.len() != 32 {
            return None;
        }
        if node & 1 == 1 || node == last {
            hash = hashed(&[&[NODE], neighbour, &hash])?;
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            hash = hashed(&[&[NODE], &hash, neighbour])?;
        }
        node >>= 1;
        last >>= 1;
    }
    (last == 0).then_some(hash)
}
