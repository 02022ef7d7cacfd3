//! What installers and self-extracting archives carry behind or inside their own image.
//!
//! An installer is an executable first: its signatures, coverage and version information are the PE reader's. Here its
//! payload becomes members. Nothing is ever executed; a kind that is recognised and not read is named as such.
//!
//! # How to add one
//!
//! 1. One file `overlay/<kind>.rs` with a unit struct that implements `Overlay`: `Overlay::find` looks for the kind's own
//!    mark, `Overlay::open` lists what is in it.
//! 2. Its `mod` line and its entry in `ALL`. Kinds with a mark of their own stand before those that any data may look like.
//! 3. A fixture by `fixtures/containers/generate.sh`, or by a builder in its tests where no free tool makes one.

mod burn;
pub mod findings;
mod foreign;
mod inno;
mod joined;
mod magic;
mod nsis;
mod sfx;
#[cfg(test)]
mod tests;

use std::io;

use crate::base::blob::ReadAt;
use crate::base::budget::Budget;
use crate::format::{Content, Entry, Error, Inside, Kind};
use crate::model::extract::Span;
use joined::{Joined, Listed};

/// Every kind, in the order they are asked; the first that finds its mark is the one.
static ALL: &[&dyn Overlay] = &[
    &burn::Burn,
    &inno::Inno,
    &nsis::Nsis,
    &sfx::SevenZ,
    &foreign::Foreign,
    &sfx::Zip,
    &sfx::Archive,
];

/// Bytes of an installer's own lists, decoded; those of the largest installers have a few.
pub(super) const MAX_HEADER: u64 = 32 << 20;
/// How far into data of its own a kind's mark is looked for: stubs and configuration texts before it are small.
const MAX_SEARCH: u64 = 1 << 20;
/// Resources smaller than this hold no file that could be signed.
const MIN_PAYLOAD: u64 = 256;
/// Data behind an image that nobody recognises is worth a line from here on; linkers leave symbol tables there.
const MIN_UNKNOWN: u64 = 4096;

/// One kind of installer.
trait Overlay: Sync {
    /// Looks for the kind's mark. Cheap: every image is asked.
    ///
    /// # Errors
    /// Where the image cannot be read.
    fn find(&self, image: &Image<'_>) -> io::Result<Option<Mark>>;

    /// Lists what is in it.
    ///
    /// # Errors
    /// Where the list breaks the kind's rules or a limit is reached.
    fn open(
        &self,
        image: &Image<'_>,
        mark: &Mark,
        budget: &Budget<'_>,
    ) -> Result<Box<dyn Inside>, Error>;
}

/// A kind's mark.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Mark {
    /// What it is, for people: `NSIS installer`.
    name: String,
    /// Where what it carries, or the table that leads there, starts.
    at: u64,
    /// Where the data ends that the mark was found in.
    end: u64,
}

/// An image, as far as installers care.
#[derive(Clone)]
pub(super) struct Image<'a> {
    pub(super) blob: &'a dyn ReadAt,
    pub(super) sections: Vec<Section>,
    pub(super) resources: Vec<Resource>,
    /// Why the resources are not all listed.
    pub(super) incomplete: Option<&'static str>,
    /// Data that belongs to no section and no certificate table, in file order.
    pub(super) overlays: Vec<Span>,
}

#[derive(Debug, Clone)]
pub(super) struct Section {
    pub(super) name: String,
    pub(super) raw: Span,
}

/// A resource of a type that programs keep files in.
#[derive(Debug, Clone)]
pub(super) struct Resource {
    pub(super) kind: Id,
    pub(super) name: Id,
    pub(super) span: Span,
}

/// Identifier of a resource or its type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Id {
    Number(u32),
    Name(String),
}

impl std::fmt::Display for Id {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(10) => f.write_str("RCDATA"),
            Self::Number(23) => f.write_str("HTML"),
            Self::Number(number) => write!(f, "{number}"),
            Self::Name(name) => f.write_str(name),
        }
    }
}

impl Image<'_> {
    /// The start of a span, `len` bytes at most.
    fn head(&self, span: &Span, len: u64) -> io::Result<Vec<u8>> {
        self.blob
            .read_range(span.start..span.end.min(span.start.saturating_add(len)))
    }
}

/// What kind of installer an image is.
pub(super) fn describe(image: &Image<'_>) -> Option<String> {
    let (_, mark) = recognise(image).ok()??;
    Some(mark.name)
}

/// What an image carries; `None` where that is nothing.
///
/// # Errors
/// A limit that was reached. A kind that breaks its own rules is a member that cannot be read: the others still can.
pub(super) fn open(
    image: &Image<'_>,
    budget: &Budget<'_>,
) -> Result<Option<Box<dyn Inside>>, Error> {
    let mut parts: Vec<Box<dyn Inside>> = Vec::new();
    let mut listed = resources(image).map_err(Error::read(0))?;
    match recognise(image).map_err(Error::read(0))? {
        Some((kind, mark)) => match kind.open(image, &mark, budget) {
            Ok(inside) => parts.push(inside),
            Err(limit @ Error::Limit(_)) => return Err(limit),
            Err(error) => {
                let why = format!("{}: {error}", mark.name);
                listed.push(entry("[overlay]", None, Content::Unreadable(why)));
            }
        },
        None => listed.extend(unknown(image)),
    }
    if listed.is_empty() && parts.is_empty() {
        return Ok(None);
    }
    budget.spend_members(u64::try_from(listed.len()).unwrap_or(u64::MAX))?;
    parts.push(Box::new(Listed::new(listed)));
    Ok(Some(Box::new(Joined::new(parts))))
}

fn recognise(image: &Image<'_>) -> io::Result<Option<(&'static dyn Overlay, Mark)>> {
    for kind in ALL {
        if let Some(mark) = kind.find(image)? {
            return Ok(Some((*kind, mark)));
        }
    }
    Ok(None)
}

/// Resources that hold files.
fn resources(image: &Image<'_>) -> io::Result<Vec<Entry>> {
    let mut found = Vec::new();
    for resource in &image.resources {
        let len = resource.span.end.saturating_sub(resource.span.start);
        if len < MIN_PAYLOAD || !magic::is_file(image.blob, &resource.span)? {
            continue;
        }
        let path = format!("[resources]/{}/{}", resource.kind, resource.name);
        found.push(entry(
            &path,
            Some(len),
            Content::Stored(resource.span.clone()),
        ));
    }
    if let Some(why) = image.incomplete.filter(|_| !image.resources.is_empty()) {
        found.push(entry("[resources]", None, Content::Unreadable(why.into())));
    }
    Ok(found)
}

/// Data that no kind takes for its own, as it stands.
fn unknown(image: &Image<'_>) -> Vec<Entry> {
    let large = image.overlays.iter().filter_map(|span| {
        let len = span.end.saturating_sub(span.start);
        (len >= MIN_UNKNOWN).then_some((span, len))
    });
    large
        .map(|(span, len)| entry("[overlay]", Some(len), Content::Stored(span.clone())))
        .collect()
}

fn entry(path: &str, size: Option<u64>, content: Content) -> Entry {
    Entry {
        path: path.into(),
        size,
        kind: Kind::File,
        content,
    }
}
