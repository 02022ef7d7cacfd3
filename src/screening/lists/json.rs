//! Objects of a JSON array one at a time: `{"results": [ {…}, {…} ]}`, each of at most [`MAX_RECORD`] octets.

use std::io::BufRead;

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{Error, MAX_RECORD, MAX_RECORDS};

/// Octets before the array; the heads of real files have about a hundred.
const MAX_HEAD: usize = 64 << 10;

/// Hands every object of the array under `key` to `take`, with its digest and number.
pub(super) fn objects(
    form: &'static str,
    input: &mut dyn BufRead,
    key: &str,
    take: &mut dyn FnMut(Value, [u8; 32], u64) -> Result<(), Error>,
) -> Result<(), Error> {
    let not = |why: &str| Error::Form {
        form,
        why: why.into(),
    };
    let mut bytes = Bytes { input };
    let wanted = format!("\"{key}\":[");
    let mut head = Vec::new();
    while !head.ends_with(wanted.as_bytes()) {
        let byte = bytes.next()?.ok_or_else(|| not("no array of results"))?;
        if !byte.is_ascii_whitespace() {
            head.push(byte);
        }
        if head.len() > MAX_HEAD || head.first().is_some_and(|b| !matches!(b, b'{' | 0xef)) {
            return Err(not("no array of results"));
        }
    }
    let mut count = 0u64;
    loop {
        let byte = bytes
            .next()?
            .ok_or_else(|| broken(count, "ends inside the array"))?;
        match byte {
            b']' => return Ok(()),
            b',' => {}
            b'{' => {
                let raw = object(&mut bytes, count)?;
                count = count.saturating_add(1);
                if count > MAX_RECORDS {
                    return Err(broken(count, "too many records"));
                }
                let value = serde_json::from_slice(&raw)
                    .map_err(|e| broken(count.saturating_sub(1), &e.to_string()))?;
                take(value, Sha256::digest(&raw).into(), count)?;
            }
            b if b.is_ascii_whitespace() => {}
            _ => return Err(broken(count, "not an object")),
        }
    }
}

fn broken(before: u64, why: &str) -> Error {
    Error::Record {
        record: before.saturating_add(1),
        why: why.into(),
    }
}

/// The rest of an object whose brace was read.
fn object(bytes: &mut Bytes<'_>, count: u64) -> Result<Vec<u8>, Error> {
    let mut raw = vec![b'{'];
    let (mut depth, mut quoted, mut escaped) = (1u32, false, false);
    while depth > 0 {
        let byte = bytes
            .next()?
            .ok_or_else(|| broken(count, "ends inside an object"))?;
        raw.push(byte);
        if raw.len() > MAX_RECORD {
            return Err(broken(count, "longer than a record may be"));
        }
        if quoted {
            let closes = byte == b'"' && !escaped;
            escaped = byte == b'\\' && !escaped;
            quoted = !closes;
            continue;
        }
        match byte {
            b'"' => quoted = true,
            b'{' => depth = depth.saturating_add(1),
            b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    Ok(raw)
}

struct Bytes<'b> {
    input: &'b mut dyn BufRead,
}

impl Bytes<'_> {
    fn next(&mut self) -> Result<Option<u8>, Error> {
        let byte = self.input.fill_buf()?.first().copied();
        if byte.is_some() {
            self.input.consume(1);
        }
        Ok(byte)
    }
}
