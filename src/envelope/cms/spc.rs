//! What Authenticode puts into CMS: SpcIndirectDataContent, page hashes, SpcSpOpusInfo, SpcStatementType
//! (Windows Authenticode Portable Executable Signature Format, 2008).

use super::algorithm;
use crate::base::der::{Error as DerError, Reader, Tlv, tag};
use crate::base::oid::Oid;
use crate::base::text;
use crate::envelope::Error;
use crate::model::cms::{Opus, PageHashes, SpcIndirectData};

/// `SpcIndirectDataContent`, the eContentType of embedded signatures.
pub const INDIRECT_DATA: &str = "1.3.6.1.4.1.311.2.1.4";
/// `SpcSipInfo`, the data type of what a subject interface package reads.
pub const SIP_INFO: &str = "1.3.6.1.4.1.311.2.1.30";
/// `SpcPeImageData`, the data type of PE images.
pub const PE_IMAGE_DATA: &str = "1.3.6.1.4.1.311.2.1.15";
/// Page hashes, SHA-1.
pub const PAGE_HASHES_V1: &str = "1.3.6.1.4.1.311.2.3.1";
/// Page hashes, SHA-256.
pub const PAGE_HASHES_V2: &str = "1.3.6.1.4.1.311.2.3.2";
/// `SpcSpOpusInfo`, a signed attribute.
pub const OPUS: &str = "1.3.6.1.4.1.311.2.1.12";
/// `SpcStatementType`, a signed attribute.
pub const STATEMENT_TYPE: &str = "1.3.6.1.4.1.311.2.1.11";

/// classId of a serialised object that holds page hashes, in stored byte order.
pub(super) const PAGE_HASHES_CLASS: [u8; 16] = [
    0xa6, 0xb5, 0x86, 0xd5, 0xb4, 0xa1, 0x24, 0x66, 0xae, 0x05, 0xa2, 0x17, 0xda, 0x8e, 0x60, 0xd6,
];
/// Page-hash sets in one image: one for each of the two algorithms.
const MAX_PAGE_HASH_SETS: usize = 4;

/// Reads SpcIndirectDataContent from `SignedData::content`; errors count from `offset`.
///
/// # Errors
/// Where it is not DER, or not of this structure.
pub fn indirect_data(content: &[u8], offset: usize) -> Result<SpcIndirectData, Error> {
    let mut fields = Reader::der(content).at(offset);
    let data = fields.expect(tag::SEQUENCE, "expected SpcAttributeTypeAndOptionalValue")?;
    let digest_info = fields.expect(tag::SEQUENCE, "expected DigestInfo")?;
    fields.finish()?;

    let mut data_fields = data.reader();
    let data_type = data_fields
        .expect(tag::OID, "expected the data type")?
        .oid()?;
    let value = if data_fields.is_empty() {
        None
    } else {
        Some(data_fields.any()?)
    };
    data_fields.finish()?;

    let mut digest_fields = digest_info.reader();
    let digest_algorithm = algorithm(digest_fields.any()?)?;
    let digest = digest_fields.expect(tag::OCTET_STRING, "expected digest")?;
    digest_fields.finish()?;

    let mut page_hashes = None;
    let mut sip = None;
    if let Some(value) = value {
        if is(&data_type, PE_IMAGE_DATA) {
            page_hashes = self::page_hashes(value)?;
        } else if is(&data_type, SIP_INFO) {
            sip = self::sip(value)?;
        }
    }
    Ok(SpcIndirectData {
        data_type,
        digest_algorithm,
        digest: digest.value.to_vec(),
        page_hashes,
        sip,
    })
}

/// `SpcSipInfo { version INTEGER, uuid OCTET STRING, five reserved INTEGERs }`.
fn sip(info: Tlv<'_>) -> Result<Option<[u8; 16]>, Error> {
    let mut fields = info.reader();
    fields.expect(tag::INTEGER, "expected the version of SpcSipInfo")?;
    let uuid = fields.expect(tag::OCTET_STRING, "expected the package's GUID")?;
    Ok(uuid.value.try_into().ok())
}

/// `SpcPeImageData { flags, file SpcLink }`: page hashes stand in the link's moniker.
fn page_hashes(image_data: Tlv<'_>) -> Result<Option<PageHashes>, Error> {
    let mut fields = image_data.reader();
    fields.optional(tag::BIT_STRING)?;
    let Some(file) = fields.optional(tag::explicit(0))? else {
        return Ok(fields.finish().map(|()| None)?);
    };
    fields.finish()?;
    let mut link = file.reader();
    let choice = link.any()?;
    link.finish()?;
    if choice.tag != tag::explicit(1) {
        return Ok(None);
    }
    let mut object = choice.reader();
    let class = object.expect(tag::OCTET_STRING, "expected classId")?;
    let data = object.expect(tag::OCTET_STRING, "expected serializedData")?;
    object.finish()?;
    if class.value != PAGE_HASHES_CLASS {
        return Ok(None);
    }
    serialised_hashes(data)
}

/// `SET { SEQUENCE { OID, SET { OCTET STRING } } }`; where both algorithms are there the stronger is taken.
fn serialised_hashes(data: Tlv<'_>) -> Result<Option<PageHashes>, Error> {
    let mut outer = data.reader();
    let set = outer.expect(tag::SET, "expected the page hash set")?;
    outer.finish()?;
    let mut entries = set.reader();
    let mut best: Option<PageHashes> = None;
    let mut seen = 0usize;
    while !entries.is_empty() {
        seen = seen.saturating_add(1);
        if seen > MAX_PAGE_HASH_SETS {
            return Err(Error::Limit {
                what: "page hash sets",
                limit: MAX_PAGE_HASH_SETS,
                offset: entries.offset(),
            });
        }
        let entry = entries.expect(tag::SEQUENCE, "expected page hashes")?;
        let mut fields = entry.reader();
        let kind = fields
            .expect(tag::OID, "expected the page hash version")?
            .oid()?;
        let values = fields.expect(tag::SET, "expected page hash values")?;
        fields.finish()?;
        let mut inner = values.reader();
        let table = inner.expect(tag::OCTET_STRING, "expected the page hash table")?;
        inner.finish()?;
        if best.as_ref().is_none_or(|b| is(&b.kind, PAGE_HASHES_V1)) {
            best = Some(PageHashes {
                kind,
                table: table.value.to_vec(),
            });
        }
    }
    Ok(best)
}

/// Reads SpcSpOpusInfo, the value of attribute [`OPUS`].
///
/// # Errors
/// Where it is not of this structure.
pub fn opus(value: &[u8]) -> Result<Opus, DerError> {
    let mut outer = Reader::der(value);
    let sequence = outer.expect(tag::SEQUENCE, "expected SpcSpOpusInfo")?;
    outer.finish()?;
    let mut fields = sequence.reader();
    let mut opus = Opus::default();
    if let Some(name) = fields.optional(tag::explicit(0))? {
        opus.program_name = Some(spc_string(name)?);
    }
    if let Some(info) = fields.optional(tag::explicit(1))? {
        let mut link = info.reader();
        let choice = link.any()?;
        link.finish()?;
        // SpcLink: url [0] IA5String, moniker [1], file [2] SpcString.
        opus.url = match choice.tag {
            URL => Some(text::decode(tag::IA5_STRING, choice.value).0),
            FILE => Some(spc_string(choice)?),
            _ => None,
        };
    }
    Ok(opus)
}

const URL: u8 = tag::context(0);
const FILE: u8 = tag::explicit(2);

/// `SpcString`: unicode \[0\] BMPString, ascii \[1\] IA5String.
fn spc_string(explicit: Tlv<'_>) -> Result<String, DerError> {
    let mut reader = explicit.reader();
    let choice = reader.any()?;
    reader.finish()?;
    let string_tag = match choice.tag {
        UNICODE => tag::BMP_STRING,
        ASCII => tag::IA5_STRING,
        _ => return Err(choice.error("expected SpcString")),
    };
    Ok(text::decode(string_tag, choice.value).0)
}

const UNICODE: u8 = tag::context(0);
const ASCII: u8 = tag::context(1);

/// Reads SpcStatementType: the key purposes that the signer claims (individual, commercial). Windows ignores it.
///
/// # Errors
/// Where it is not of this structure.
pub fn statement_type(value: &[u8]) -> Result<Vec<Oid>, DerError> {
    let mut outer = Reader::der(value);
    let sequence = outer.expect(tag::SEQUENCE, "expected SpcStatementType")?;
    outer.finish()?;
    let mut fields = sequence.reader();
    let mut purposes = Vec::new();
    while !fields.is_empty() {
        purposes.push(fields.any()?.oid()?);
    }
    Ok(purposes)
}

/// `oid` is this dotted one.
pub fn is(oid: &Oid, dotted: &str) -> bool {
    oid.is(dotted)
}
