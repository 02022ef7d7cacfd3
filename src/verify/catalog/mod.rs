//! Security catalogs: which files one lists, whether a file at hand is among them, and what the catalog's signature then says of it.
//!
//! Structures: CATALOG_INFO and the attributes of mscat.h as documented on learn.microsoft.com. A file is looked up by the digest
//! that Windows computes for it: that of the image for an executable, that of all bytes for anything else. A catalog is never looked
//! up in another one.
//!
//! [`read()`] and [`Catalog::find`] prove nothing: the catalog's own signature is judged like any other, and [`applied()`] carries
//! that verdict over.

mod applied;
mod member;

use crate::envelope::cms::ctl;
use crate::envelope::{self, Error, Opened};
use crate::format::cat;
use crate::model::cms::SignedData;
use crate::model::digest::{DigestAlgorithm, Digests, hex};
use crate::model::extract::{Coverage, Extract, RawSignature};
use crate::verify::signer::algorithm::is;

pub use applied::applied;
pub use member::{Member, Subject};

/// Usage of a list that is a catalog.
const CATALOG: &str = "1.3.6.1.4.1.311.12.1.1";
/// Members of one catalog; those of Windows' largest updates have some ten thousand.
const MAX_MEMBERS: usize = 200_000;
/// Names of members that a report shows.
const SHOWN: usize = 5;
/// Characters of a name that a report shows.
const SHOWN_CHARS: usize = 80;

/// Digest algorithms by which catalogs list files.
pub const ALGORITHMS: [DigestAlgorithm; 2] = [DigestAlgorithm::Sha1, DigestAlgorithm::Sha256];

/// A catalog's list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Catalog {
    /// Its members, in order.
    pub members: Vec<Member>,
    /// Members that name no digest that is computed here; no file is found by them.
    pub unread: usize,
    /// Numbers of members in the order of their digests.
    by_digest: Vec<usize>,
}

/// The digests by which a file is looked up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileDigests {
    flat: Digests,
    /// One a reading of the image, in the order of [`Extract::images`].
    images: Vec<Digests>,
    is_list: bool,
}

/// By which digest a file was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// That of all its bytes.
    Flat,
    /// That of all its bytes, although it is an image.
    WholeImage,
    /// That of the image.
    Image,
    /// That of the image, with zeros up to a multiple of eight.
    PaddedImage,
}

/// A member that lists a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found<'c> {
    /// The member.
    pub member: &'c Member,
    /// By which digest.
    pub by: By,
}

/// The list of a catalog; `None` for any other signature, and where it cannot be read, which is a fault of that signature.
pub fn read(raw: &RawSignature) -> Option<Catalog> {
    if *raw.content != cat::LIST {
        return None;
    }
    let Ok(Opened::Cms(signed)) = envelope::open(raw.envelope, &raw.bytes) else {
        return None;
    };
    if !is(&signed.content_type, ctl::CERTIFICATE_TRUST_LIST) {
        return None;
    }
    let list = ctl::read(&signed.content, signed.content_offset).ok()?;
    if !is_catalog(&list) {
        return None;
    }
    members(&list).ok()
}

/// What has to be computed of a file, beside [`ALGORITHMS`] over all its bytes, to look it up: for `image::Request::covered`.
pub fn covered(extract: &Extract) -> impl Iterator<Item = (&Coverage, DigestAlgorithm)> {
    extract
        .images
        .iter()
        .flat_map(|image| ALGORITHMS.map(|algorithm| (image, algorithm)))
}

impl FileDigests {
    /// Of `flat`, the digests of all bytes, and `computed`, what [`covered`] asked for in its order.
    pub fn new(extract: &Extract, flat: &Digests, computed: &[Option<Vec<u8>>]) -> Self {
        let images = computed
            .chunks(ALGORITHMS.len())
            .map(|digests| {
                ALGORITHMS
                    .into_iter()
                    .zip(digests)
                    .filter_map(|(algorithm, digest)| Some((algorithm, digest.clone()?)))
                    .collect()
            })
            .collect();
        Self {
            flat: flat.clone(),
            images,
            is_list: extract.signatures.iter().any(|s| *s.content == cat::LIST),
        }
    }

    /// Every digest with how it was computed, those of images first.
    fn each(&self) -> impl Iterator<Item = (By, DigestAlgorithm, &[u8])> {
        let images = self
            .images
            .iter()
            .enumerate()
            .flat_map(|(reading, digests)| {
                let by = if reading == 0 {
                    By::Image
                } else {
                    By::PaddedImage
                };
                digests.iter().map(move |(a, d)| (by, *a, d.as_slice()))
            });
        let by = if self.images.is_empty() {
            By::Flat
        } else {
            By::WholeImage
        };
        images.chain(self.flat.iter().map(move |(a, d)| (by, *a, d.as_slice())))
    }
}

impl Catalog {
    /// The member that lists a file, by the stronger algorithm where several do.
    pub fn find(&self, file: &FileDigests) -> Option<Found<'_>> {
        if file.is_list {
            return None;
        }
        file.each()
            .filter_map(|(by, algorithm, digest)| {
                let member = self.listing(by, algorithm, digest)?;
                Some((algorithm, Found { member, by }))
            })
            // The first of equals stays: that of the image before that of all bytes.
            .reduce(|best, next| if next.0 > best.0 { next } else { best })
            .map(|(_, found)| found)
    }

    fn listing(&self, by: By, algorithm: DigestAlgorithm, digest: &[u8]) -> Option<&Member> {
        let digest_of = |number: &usize| self.members.get(*number).map(|m| m.digest.as_slice());
        let first = self
            .by_digest
            .partition_point(|number| digest_of(number) < Some(digest));
        self.by_digest
            .get(first..)?
            .iter()
            .map_while(|number| self.members.get(*number).filter(|m| m.digest == digest))
            .find(|member| {
                let fits = match member.subject {
                    Subject::Image => matches!(by, By::Image | By::PaddedImage),
                    Subject::File => matches!(by, By::Flat | By::WholeImage),
                    Subject::Unstated => matches!(by, By::Image | By::PaddedImage | By::Flat),
                };
                fits && member.algorithm == algorithm
            })
    }
}

fn is_catalog(list: &ctl::List<'_>) -> bool {
    matches!(&list.usage[..], [only] if is(only, CATALOG))
}

fn members(list: &ctl::List<'_>) -> Result<Catalog, Error> {
    let mut catalog = Catalog::default();
    for (number, subject) in list.subjects().enumerate() {
        let subject = subject?;
        if number >= MAX_MEMBERS {
            return Err(Error::Limit {
                what: "members of a catalog",
                limit: MAX_MEMBERS,
                offset: subject.identifier.offset,
            });
        }
        match member::read(&subject)? {
            Some(member) => catalog.members.push(member),
            None => catalog.unread = catalog.unread.saturating_add(1),
        }
    }
    let mut order: Vec<(&[u8], usize)> = catalog
        .members
        .iter()
        .enumerate()
        .map(|(number, member)| (member.digest.as_slice(), number))
        .collect();
    order.sort_unstable();
    catalog.by_digest = order.into_iter().map(|(_, number)| number).collect();
    Ok(catalog)
}

/// What a signed list lists, in words.
pub(crate) fn listing(signed: &SignedData) -> Result<String, Error> {
    let list = ctl::read(&signed.content, signed.content_offset)?;
    if !is_catalog(&list) {
        let mut count = 0usize;
        for subject in list.subjects() {
            subject?;
            count = count.saturating_add(1);
        }
        let usage: Vec<String> = list.usage.iter().map(ToString::to_string).collect();
        return Ok(format!(
            "the list has {count} subjects, for usage {}",
            usage.join(" ")
        ));
    }
    let catalog = members(&list)?;
    let mut text = format!("the catalog lists {} files", catalog.members.len());
    for (number, member) in catalog.members.iter().take(SHOWN).enumerate() {
        text.push_str(if number == 0 { ": " } else { ", " });
        let name = member.name().unwrap_or_default();
        let digest = hex(&member.digest);
        text.extend(
            if name.is_empty() { &digest } else { name }
                .chars()
                .take(SHOWN_CHARS),
        );
    }
    if catalog.members.len() > SHOWN {
        text.push_str(" …");
    }
    if catalog.unread > 0 {
        text.push_str(&format!(
            "; {} more members name no digest that is computed",
            catalog.unread
        ));
    }
    Ok(text)
}
