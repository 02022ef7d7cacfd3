//! Security catalogs and other signed lists of certificate-trust-list form: the file is a CMS SignedData, and signs itself.
//!
//! Specifications: RFC 5652; wincrypt.h and mscat.h as documented on learn.microsoft.com. Which files a catalog lists, and whether
//! one at hand is among them, is asked in `verify::catalog`.

#[cfg(test)]
mod tests;

use crate::base::blob::ReadAt;
use crate::base::budget::{Budget, Exceeded};
use crate::format::{Card, Error, Format, HEAD_LEN, Sniff};
use crate::model::extract::{ContentRule, Coverage, Covers, Extract, Home, RawSignature, Signing};
use crate::model::signature::Position;

/// What a signed list holds.
pub static LIST: ContentRule = ContentRule {
    scheme: "authenticode",
    content_type: "1.3.6.1.4.1.311.10.1",
    data_types: &[],
    sips: &[],
};

/// Largest list read. It is read whole, and some copies of it are made.
const MAX_LIST: u64 = 32 << 20;

/// id-signedData (RFC 5652 section 5.1), DER contents.
const SIGNED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2];
/// 1.3.6.1.4.1.311.10.1, DER contents.
const TRUST_LIST: &[u8] = &[0x2b, 6, 1, 4, 1, 0x82, 0x37, 0x0a, 1];
/// 1.3.6.1.4.1.311.12.1.1, the usage of catalogs, DER contents.
const CATALOG_USAGE: &[u8] = &[0x2b, 6, 1, 4, 1, 0x82, 0x37, 0x0c, 1, 1];

const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const INTEGER: u8 = 2;
const OID: u8 = 6;
const CONTENT: u8 = 0xa0;

/// The format.
#[derive(Debug, Clone, Copy)]
pub struct Cat;

static CARD: Card = Card {
    id: "cat",
    name: "Security catalog, certificate trust list",
    extensions: &["cat", "stl"],
    signatures: &["Authenticode, over the list itself"],
    features: &["members listed", "other files checked against it"],
    specifications: &["RFC 5652", "CTL_INFO and CATALOG_INFO of the Windows SDK"],
    limits: &[("bytes of a list", MAX_LIST)],
};

impl Format for Cat {
    fn card(&self) -> &'static Card {
        &CARD
    }

    fn detect(&self, sniff: &Sniff<'_>) -> bool {
        usage(sniff.head).is_some()
    }

    fn extract(&self, blob: &dyn ReadAt, budget: &Budget<'_>) -> Result<Extract, Error> {
        budget.check_size(blob.size())?;
        if blob.size() > MAX_LIST {
            return Err(Error::Limit(Exceeded::Size(MAX_LIST)));
        }
        let span = 0..blob.size();
        let bytes = blob.read_range(span.clone()).map_err(Error::read(0))?;
        let head = bytes.get(..HEAD_LEN).unwrap_or(&bytes);
        let description = match usage(head) {
            Some(Usage::Catalog) => "security catalog",
            Some(Usage::Other) | None => "certificate trust list",
        };
        let signature =
            RawSignature::cms(&LIST, Position::Primary, span, bytes, Coverage::default());
        Ok(Extract {
            format: "cat",
            description: description.into(),
            home: Some(Home::Windows),
            signing: Signing::Expected,
            signatures: vec![RawSignature {
                covers: Covers::Itself,
                ..signature
            }],
            ..Extract::default()
        })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Usage {
    Catalog,
    Other,
}

/// What the list is for; `None` where the head is not that of a list. Looks at headers only, as most of the file is not there.
fn usage(head: &[u8]) -> Option<Usage> {
    let mut at = Walk(head);
    at.enter(SEQUENCE)?;
    at.is(OID, SIGNED_DATA)?;
    at.enter(CONTENT)?;
    at.enter(SEQUENCE)?;
    at.skip(INTEGER)?;
    at.skip(SET)?;
    at.enter(SEQUENCE)?;
    at.is(OID, TRUST_LIST)?;
    at.enter(CONTENT)?;
    at.enter(SEQUENCE)?;
    at.enter(SEQUENCE)?;
    match at.is(OID, CATALOG_USAGE) {
        Some(()) => Some(Usage::Catalog),
        None => Some(Usage::Other),
    }
}

/// Walks down the headers of an encoding of which only the start is there.
struct Walk<'a>(&'a [u8]);

impl<'a> Walk<'a> {
    /// Passes the header of a value of this tag, and gives its length where it has one.
    fn enter(&mut self, tag: u8) -> Option<usize> {
        let rest = self.0.strip_prefix(&[tag])?;
        let (first, rest) = rest.split_first()?;
        let octets = match first {
            0..0x80 => {
                self.0 = rest;
                return Some(usize::from(*first));
            }
            _ => usize::from(first & 0x7f),
        };
        let (length, rest) = rest.split_at_checked(octets)?;
        self.0 = rest;
        let length = length.iter().try_fold(0u32, |n, b| {
            Some(n.checked_mul(256)?.saturating_add((*b).into()))
        });
        usize::try_from(length?).ok()
    }

    fn value(&mut self, tag: u8) -> Option<&'a [u8]> {
        let length = self.enter(tag)?;
        let (value, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(value)
    }

    fn skip(&mut self, tag: u8) -> Option<()> {
        self.value(tag).map(|_| ())
    }

    fn is(&mut self, tag: u8, value: &[u8]) -> Option<()> {
        (self.value(tag)? == value).then_some(())
    }
}
