//! One member of a catalog.

use crate::base::der::{Error as DerError, Tlv, tag};
use crate::base::text;
use crate::envelope::Error;
use crate::envelope::cms::ctl::{self, utf16_le};
use crate::envelope::cms::spc;
use crate::model::digest::DigestAlgorithm;
use crate::verify::signer::algorithm::{is, named_digest};

/// CAT_NAMEVALUE, an attribute with a name and a value.
const NAME_VALUE: &str = "1.3.6.1.4.1.311.12.2.1";
/// The data type that catalogs give files that are no images; cabinets' own signatures have it too.
const FILE_DATA: &str = "1.3.6.1.4.1.311.2.1.25";
/// Longest tag: a SHA-512 in hexadecimal, UTF-16, with its terminator.
const MAX_TAG: usize = 258;

/// What a member's digest is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// An executable image, without what its own signature may change.
    Image,
    /// All bytes of a file.
    File,
    /// The member does not say.
    Unstated,
}

/// A file that a catalog lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Algorithm of its digest.
    pub algorithm: DigestAlgorithm,
    /// Its digest.
    pub digest: Vec<u8>,
    /// What the digest is over.
    pub subject: Subject,
    /// Names and values that the maker gave it: `File`, `OSAttr` …; hints, and hostile text.
    pub attributes: Vec<(String, String)>,
}

impl Member {
    /// The name of the file, as the maker of the catalog had it.
    pub fn name(&self) -> Option<&str> {
        self.attribute("File")
    }

    /// An attribute by its name.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let (_, value) = self.attributes.iter().find(|(n, _)| n == name)?;
        Some(value)
    }
}

/// `None` for a member whose digest is of an algorithm or a kind of thing that is not computed here.
pub(super) fn read(subject: &ctl::Subject<'_>) -> Result<Option<Member>, Error> {
    let mut attributes = Vec::new();
    let mut stated = None;
    for attribute in &subject.attributes {
        let kind = attribute.kind.oid()?;
        if is(&kind, NAME_VALUE) {
            attributes.push(name_value(attribute.value()?)?);
        } else if is(&kind, spc::INDIRECT_DATA) {
            let value = attribute.value()?;
            if stated.is_some() {
                // Which of two would count is not defined, so neither may win silently.
                return Err(attribute.whole.error("a member has two digests").into());
            }
            stated = Some(spc::indirect_data(value.value, value.value_offset)?);
        }
    }
    let Some(stated) = stated else {
        return Ok(
            tag_digest(subject.identifier).map(|(algorithm, digest)| Member {
                algorithm,
                digest,
                subject: Subject::Unstated,
                attributes,
            }),
        );
    };
    let subject = if is(&stated.data_type, spc::PE_IMAGE_DATA) {
        Subject::Image
    } else if is(&stated.data_type, FILE_DATA) {
        Subject::File
    } else {
        return Ok(None);
    };
    let algorithm = named_digest(&stated.digest_algorithm)
        .filter(|algorithm| algorithm.output_len() == stated.digest.len());
    Ok(algorithm.map(|algorithm| Member {
        algorithm,
        digest: stated.digest,
        subject,
        attributes,
    }))
}

/// `CatNameValue { refname BMPString, typeaction INTEGER, value OCTET STRING }`.
fn name_value(value: Tlv<'_>) -> Result<(String, String), DerError> {
    if value.tag != tag::SEQUENCE {
        return Err(value.error("expected CatNameValue"));
    }
    let mut fields = value.reader();
    let name = fields.expect(tag::BMP_STRING, "expected the name of an attribute")?;
    fields.expect(tag::INTEGER, "expected the type of an attribute")?;
    let value = fields.expect(tag::OCTET_STRING, "expected the value of an attribute")?;
    fields.finish()?;
    let (name, _) = text::decode(tag::BMP_STRING, name.value);
    Ok((name, utf16_le(value.value)))
}

/// The digest in a member's tag: as it is (version 2), or in hexadecimal as UTF-16 (version 1). Of 20 or 32 bytes it is SHA-1 or
/// SHA-256, the two that catalogs are made with; other tags are names.
fn tag_digest(identifier: Tlv<'_>) -> Option<(DigestAlgorithm, Vec<u8>)> {
    let raw = identifier.value;
    let digest = match by_length(raw.len()) {
        Some(_) => raw.to_vec(),
        None if raw.len() <= MAX_TAG => unhex(&utf16_le(raw))?,
        None => return None,
    };
    Some((by_length(digest.len())?, digest))
}

fn by_length(len: usize) -> Option<DigestAlgorithm> {
    [DigestAlgorithm::Sha1, DigestAlgorithm::Sha256]
        .into_iter()
        .find(|algorithm| algorithm.output_len() == len)
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text
        .chars()
        .map(|c| u8::try_from(c.to_digit(16)?).ok())
        .collect::<Option<_>>()?;
    let (pairs, []) = digits.as_chunks::<2>() else {
        return None;
    };
    Some(pairs.iter().map(|[high, low]| (high << 4) | low).collect())
}
