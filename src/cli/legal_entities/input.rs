//! Files that `data import` is given: which of them the LEI system publishes, plain or as the one file of a zip, read as a stream.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, anyhow, bail};
use sha2::{Digest, Sha256};
use time::Date;

use crate::base::blob::{Cursor, ReadAt, Slice};
use crate::base::budget::{Budget, Limits};
use crate::base::time::{Time, parse_date};
use crate::format::{self, Content, Entry, Format, Inside, Kind, Out, Sniff};
use crate::source::clock::Stopwatch;
use crate::source::file::FileBlob;
use crate::vendor::gleif::{DataSet, Form, recognise};

/// Octets by which a file's form is told: the golden copy's first line has some twelve thousand.
const START: usize = 64 << 10;
/// What may come out of a zip: the largest published file has 7 GB as CSV and some 20 GB as XML.
const MAX_DECODED: u64 = 128 << 30;
/// A slow disk reads that in an hour.
const TIMEOUT: Duration = Duration::from_secs(4 * 3600);

/// A file of the LEI system.
#[derive(Debug)]
pub(in crate::cli) struct Given {
    pub(in crate::cli) path: PathBuf,
    blob: Arc<FileBlob>,
    pub(in crate::cli) set: DataSet,
    form: Form,
    zipped: bool,
    /// The day in its name or that of the file inside, by the publisher's custom.
    named: Option<Date>,
    modified: Option<Date>,
}

/// The file of the LEI system at `path`; `None` where it is another.
pub(in crate::cli) fn given(path: &Path) -> anyhow::Result<Option<Given>> {
    let at = || path.display().to_string();
    let blob = Arc::new(FileBlob::open(path).with_context(at)?);
    let end = blob.size().min(u64::try_from(START).unwrap_or(u64::MAX));
    let start = blob.read_range(0..end).with_context(at)?;
    let named = |name: &str| date_of(name.rsplit(['/', '\\']).next().unwrap_or_default());
    let modified = std::fs::metadata(path).and_then(|m| m.modified()).ok();
    let mut given = Given {
        named: path.file_name().and_then(|n| named(n.to_str()?)),
        modified: modified.map(|m| Time::from(m).date()),
        path: path.to_path_buf(),
        blob,
        set: DataSet::Entities,
        form: Form::Xml,
        zipped: false,
    };
    if start.starts_with(b"PK\x03\x04") {
        let mut found = None;
        let mut peek = |name: &str, input: &mut dyn BufRead| {
            found = recognise(input.fill_buf()?).map(|known| (known, date_of(name)));
            Ok(())
        };
        if of_zip(&given.blob, &mut peek).is_err() {
            return Ok(None);
        }
        let Some(((set, form), inside)) = found else {
            return Ok(None);
        };
        (given.set, given.form, given.zipped) = (set, form, true);
        given.named = inside.or(given.named);
        return Ok(Some(given));
    }
    let Some((set, form)) = recognise(&start) else {
        return Ok(None);
    };
    (given.set, given.form) = (set, form);
    Ok(Some(given))
}

/// `20261120-0800-gleif-goldencopy-lei2-golden-copy.csv` stands for 2026-11-20.
fn date_of(name: &str) -> Option<Date> {
    let digits = name
        .get(..8)
        .filter(|d| d.bytes().all(|b| b.is_ascii_digit()))?;
    let (year, month, day) = (digits.get(..4)?, digits.get(4..6)?, digits.get(6..)?);
    parse_date(&format!("{year}-{month}-{day}"))
}

impl Given {
    /// The day that it stands for, where it does not say so inside.
    pub(super) fn day(&self) -> Option<Date> {
        self.named.or(self.modified)
    }

    /// SHA-256 of the file as it is.
    pub(super) fn sha256(&self) -> anyhow::Result<String> {
        let mut hash = Sha256::new();
        let mut input = BufReader::with_capacity(1 << 20, File::open(&self.path)?);
        loop {
            let bytes = input.fill_buf()?;
            let count = bytes.len();
            if count == 0 {
                break;
            }
            hash.update(bytes);
            input.consume(count);
        }
        Ok(hash.finalize().iter().map(|b| format!("{b:02x}")).collect())
    }

    pub(super) fn size(&self) -> u64 {
        self.blob.size()
    }

    /// Reads it from its start.
    pub(super) fn read(
        &self,
        take: &mut dyn FnMut(Form, &mut dyn BufRead) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        if self.zipped {
            of_zip(&self.blob, &mut |_, input| take(self.form, input))?;
        } else {
            let input = Cursor::new(Arc::clone(&self.blob));
            take(self.form, &mut BufReader::with_capacity(1 << 18, input))?;
        }
        if self.blob.changed() {
            bail!("the file changed while it was read");
        }
        Ok(())
    }
}

type Take<'t> = &'t mut dyn FnMut(&str, &mut dyn BufRead) -> anyhow::Result<()>;

/// Hands the one file of a zip to `take`.
fn of_zip(blob: &Arc<FileBlob>, take: Take<'_>) -> anyhow::Result<()> {
    let clock = Stopwatch::start();
    let limits = Limits {
        max_decoded: MAX_DECODED,
        timeout: TIMEOUT,
        ..Limits::default()
    };
    let budget = Budget::start(limits, &clock);
    budget.state_size(blob.size());
    let head = blob.read_range(0..blob.size().min(u64::try_from(format::HEAD_LEN)?))?;
    let sniff = Sniff {
        head: &head,
        name: "",
        blob: blob.as_ref(),
    };
    let zip = format::detect(&sniff).filter(|f: &&'static dyn Format| f.card().id == "zip");
    let inside: Box<dyn Inside> = zip
        .map(|zip| zip.open(blob.as_ref(), &budget))
        .transpose()?
        .flatten()
        .ok_or_else(|| anyhow!("not a zip"))?;
    let files: Vec<(usize, &Entry)> = inside
        .entries()
        .iter()
        .enumerate()
        .filter(|(_, e)| e.kind == Kind::File)
        .collect();
    let [(index, entry)] = files.as_slice() else {
        bail!("a zip with {} files, where one is expected", files.len());
    };
    match &entry.content {
        Content::Unreadable(why) => bail!("{}: {why}", entry.path),
        Content::Stored(span) => {
            let part = Slice::new(Arc::clone(blob), span.clone())?;
            let mut input = BufReader::with_capacity(1 << 18, Cursor::new(part));
            take(&entry.path, &mut input)
        }
        Content::Coded => {
            let mut out = Member {
                index: *index,
                name: &entry.path,
                take,
                result: None,
            };
            for block in 0..inside.blocks() {
                inside.decode(blob.as_ref(), block, &budget, &mut out)?;
            }
            out.result
                .unwrap_or_else(|| Err(anyhow!("{}: not found", entry.path)))
        }
    }
}

struct Member<'t> {
    index: usize,
    name: &'t str,
    take: Take<'t>,
    result: Option<anyhow::Result<()>>,
}

impl Out for Member<'_> {
    fn wants(&self, index: usize) -> bool {
        index == self.index
    }

    fn member(&mut self, _: usize, content: &mut dyn Read) -> Result<(), format::Error> {
        let mut input = BufReader::with_capacity(1 << 18, content);
        self.result = Some((self.take)(self.name, &mut input));
        Ok(())
    }
}
