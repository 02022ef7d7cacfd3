//! The one member of a compressed file.

use std::io::{BufReader, Read};

use crate::base::blob::{Cursor, ReadAt};
use crate::base::budget::Budget;
use crate::format::codec::findings::BAD_COMPRESSED_DATA;
use crate::format::codec::{self, Coding, Stated, gzip};
use crate::format::compressed::coding;
use crate::format::zip::findings::TRAILING_DATA;
use crate::format::{Content, Entry, Error, HEAD_LEN, Inside, Kind, Out};

/// The member.
#[derive(Debug)]
pub(super) struct Content1 {
    coding: Coding,
    entries: Vec<Entry>,
}

/// The coding that a file's first bytes show.
pub(super) fn coding_of(blob: &dyn ReadAt) -> Result<Coding, Error> {
    let len = blob.size().min(u64::try_from(HEAD_LEN).unwrap_or(u64::MAX));
    let head = blob.read_range(0..len).map_err(Error::read(0))?;
    coding(&head).ok_or_else(|| Error::malformed(&BAD_COMPRESSED_DATA, 0, "no known coding"))
}

impl Content1 {
    pub(super) fn of(blob: &dyn ReadAt) -> Result<Self, Error> {
        let coding = coding_of(blob)?;
        let path = Some(coding)
            .filter(|c| *c == Coding::Gzip)
            .and_then(|_| gzip_name(blob));
        let entry = Entry {
            path: path.unwrap_or_default(),
            size: None,
            kind: Kind::File,
            content: Content::Coded,
        };
        Ok(Self {
            coding,
            entries: vec![entry],
        })
    }
}

/// The last part of the file name in a gzip header, which is Latin-1 (RFC 1952, section 2.3.1) and in practice UTF-8.
fn gzip_name(blob: &dyn ReadAt) -> Option<String> {
    let mut members = gzip::Members::new(BufReader::new(Cursor::new(blob)));
    // The name is known once the header was read, whatever follows it.
    let _ = members.read(&mut [0]);
    let name = members.name()?;
    let name = std::str::from_utf8(name).map_or_else(
        |_| name.iter().copied().map(char::from).collect(),
        str::to_owned,
    );
    let last = name.rsplit(['/', '\\']).next()?;
    (!last.is_empty()).then(|| last.to_owned())
}

impl Inside for Content1 {
    fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn blocks(&self) -> usize {
        1
    }

    fn decode(
        &self,
        blob: &dyn ReadAt,
        _: usize,
        budget: &Budget<'_>,
        out: &mut dyn Out,
    ) -> Result<(), Error> {
        if !out.wants(0) {
            return Ok(());
        }
        let mut decoded = codec::open(
            self.coding,
            blob,
            &(0..blob.size()),
            Stated::default(),
            budget,
        )?;
        out.member(0, &mut decoded)?;
        let left = decoded.left();
        if left > 0 {
            let at = blob.size().saturating_sub(left);
            let message = format!("{left} bytes follow the compressed data");
            return Err(Error::malformed(&TRAILING_DATA, at, message));
        }
        Ok(())
    }
}
