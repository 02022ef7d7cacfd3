//! Checkpoints: a log's signed word for its tree (C2SP tlog-checkpoint over signed-note).

use crate::base::base64;
use crate::envelope::sigstore::Error;

/// Signatures on one checkpoint: the log's and those of its witnesses.
const MAX_SIGNATURES: usize = 64;

/// A signature of a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteSignature {
    /// Who says to have made it.
    pub name: String,
    /// First octets of the key's id.
    pub key_hint: [u8; 4],
    /// The signature.
    pub signature: Vec<u8>,
}

/// A checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// What is signed: the lines up to the blank one.
    pub signed: String,
    /// Which log.
    pub origin: String,
    /// Leaves in the tree.
    pub tree_size: u64,
    /// Root of the tree.
    pub root_hash: Vec<u8>,
    /// Who signed it.
    pub signatures: Vec<NoteSignature>,
}

impl Checkpoint {
    /// Reads a checkpoint.
    ///
    /// # Errors
    /// Anything that has not all its lines.
    pub fn read(note: &str) -> Result<Self, Error> {
        let (text, signatures) = note
            .split_once("\n\n")
            .ok_or(Error::Form("a checkpoint without signatures"))?;
        let mut lines = text.split('\n');
        let mut next = |what| {
            lines
                .next()
                .filter(|l| !l.is_empty())
                .ok_or(Error::Form(what))
        };
        let origin = next("a checkpoint without an origin")?.to_owned();
        let tree_size = next("a checkpoint without a size")?;
        let root_hash = next("a checkpoint without a root")?;
        let is_number = tree_size.bytes().all(|b| b.is_ascii_digit());
        let tree_size = tree_size
            .parse()
            .ok()
            .filter(|_| is_number)
            .ok_or(Error::Form("a checkpoint whose size is no number"))?;
        let root_hash = base64::decode(root_hash)
            .filter(|hash| hash.len() == 32)
            .ok_or(Error::Form("a checkpoint whose root is no digest"))?;
        Ok(Self {
            signed: format!("{text}\n"),
            origin,
            tree_size,
            root_hash,
            signatures: read_signatures(signatures)?,
        })
    }
}

fn read_signatures(text: &str) -> Result<Vec<NoteSignature>, Error> {
    let mut found = Vec::new();
    for line in text.split('\n').filter(|l| !l.is_empty()) {
        if found.len() >= MAX_SIGNATURES {
            return Err(Error::Form("more than 64 signatures on a checkpoint"));
        }
        let signature = line
            .strip_prefix("\u{2014} ")
            .and_then(|l| l.split_once(' '))
            .and_then(|(name, digits)| {
                let octets = base64::decode(digits)?;
                let (hint, signature) = octets.split_first_chunk::<4>()?;
                Some(NoteSignature {
                    name: name.to_owned(),
                    key_hint: *hint,
                    signature: signature.to_vec(),
                })
            })
            .ok_or(Error::Form("a checkpoint with a line that is no signature"))?;
        found.push(signature);
    }
    if found.is_empty() {
        return Err(Error::Form("a checkpoint without signatures"));
    }
    Ok(found)
}
