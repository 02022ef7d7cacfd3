//! TSTInfo, the content of an RFC 3161 token (section 2.4.2).

use super::algorithm;
use crate::base::der::{Reader, tag};
use crate::envelope::Error;
use crate::model::cms::TstInfo;

/// `id-ct-TSTInfo`.
pub const TST_INFO: &str = "1.2.840.113549.1.9.16.1.4";

/// Reads TSTInfo from `SignedData::content`; errors count from `offset`.
///
/// # Errors
/// Where it is not DER, not of this structure, or of another version than 1.
pub fn read(content: &[u8], offset: usize) -> Result<TstInfo, Error> {
    let mut outer = Reader::der(content).at(offset);
    let sequence = outer.expect(tag::SEQUENCE, "expected TSTInfo")?;
    outer.finish()?;
    let mut fields = sequence.reader();
    let version = fields.expect(tag::INTEGER, "expected version")?;
    if version.unsigned()? != 1 {
        return Err(version.error("TSTInfo version is not 1").into());
    }
    let policy = fields.expect(tag::OID, "expected policy")?.oid()?;
    let imprint = fields.expect(tag::SEQUENCE, "expected messageImprint")?;
    let serial = fields.expect(tag::INTEGER, "expected serialNumber")?;
    let generated_at = fields
        .expect(tag::GENERALIZED_TIME, "expected genTime")?
        .time()?;
    // accuracy, ordering, nonce, tsa and extensions: in this order, each optional.
    for next in [
        tag::SEQUENCE,
        tag::BOOLEAN,
        tag::INTEGER,
        tag::explicit(0),
        tag::explicit(1),
    ] {
        fields.optional(next)?;
    }
    fields.finish()?;
    let mut imprint_fields = imprint.reader();
    let imprint_algorithm = algorithm(imprint_fields.any()?)?;
    let imprint = imprint_fields.expect(tag::OCTET_STRING, "expected hashedMessage")?;
    imprint_fields.finish()?;
    Ok(TstInfo {
        policy,
        imprint_algorithm,
        imprint: imprint.value.to_vec(),
        serial: serial.value.to_vec(),
        generated_at,
    })
}
