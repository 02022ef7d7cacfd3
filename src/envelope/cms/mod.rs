//! CMS SignedData (RFC 5652) and its ancestor PKCS #7 v1.5 (RFC 2315), which Authenticode uses.
//!
//! Signed parts are kept byte for byte and held to DER; the wrapper around them may be BER, as some signers emit, and the result
//! says so. Reading proves nothing about who signed what.

pub mod ctl;
pub mod nuget;
pub mod signer;
pub mod spc;
pub mod tst;

#[cfg(test)]
mod tests;

use crate::base::der::{Error as DerError, Reader, Tlv, tag};
use crate::base::oid::Oid;
use crate::envelope::{Envelope, Error, Opened};
use crate::model::cms::{AlgorithmIdentifier, SignedData};

/// Certificates in one set. The largest real set seen has under ten; the limit leaves room for stuffed ones to be shown as such.
const MAX_CERTIFICATES: usize = 1024;
/// CRLs in one set; none of 700 real signatures has any.
const MAX_CRLS: usize = 64;
/// SignerInfos; Authenticode has exactly one.
const MAX_SIGNERS: usize = 16;
/// digestAlgorithms; one a SignerInfo.
const MAX_DIGEST_ALGORITHMS: usize = 16;
/// Segments of a constructed OCTET STRING; signers cut at 1,000 octets or more, so this is over 60 MB of content.
const MAX_SEGMENTS: usize = 1 << 16;

/// id-signedData (RFC 5652 section 5.1).
const SIGNED_DATA: [u8; 9] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2];

/// The syntax.
#[derive(Debug)]
pub struct Cms;

impl Envelope for Cms {
    fn id(&self) -> &'static str {
        "cms"
    }

    fn open(&self, bytes: &[u8]) -> Result<Opened, Error> {
        read(bytes).map(|signed| Opened::Cms(Box::new(signed)))
    }
}

/// Reads a ContentInfo that holds SignedData.
///
/// # Errors
/// Where the encoding is broken, the content is not SignedData, or something is over a limit.
pub fn read(input: &[u8]) -> Result<SignedData, Error> {
    let mut walk = Walk::default();
    let outer = walk.take(
        &mut Reader::ber(input),
        tag::SEQUENCE,
        "expected ContentInfo",
    )?;
    let mut content_info = outer.reader();
    let content_type = walk.take(&mut content_info, tag::OID, "expected contentType")?;
    if content_type.value != SIGNED_DATA {
        return Err(content_type.error("contentType is not signedData").into());
    }
    let explicit = walk.take(&mut content_info, tag::explicit(0), "expected content")?;
    content_info.finish()?;
    let mut inner = explicit.reader();
    let signed_data = walk.take(&mut inner, tag::SEQUENCE, "expected SignedData")?;
    inner.finish()?;
    read_signed_data(&mut walk, signed_data, outer.raw.len())
}

fn read_signed_data(
    walk: &mut Walk,
    signed_data: Tlv<'_>,
    encoded_len: usize,
) -> Result<SignedData, Error> {
    let mut fields = signed_data.reader();
    let version = walk
        .take(&mut fields, tag::INTEGER, "expected version")?
        .unsigned()?;
    let digest_set = walk.take(&mut fields, tag::SET, "expected digestAlgorithms")?;
    let encapsulated = walk.take(&mut fields, tag::SEQUENCE, "expected encapContentInfo")?;
    let certificate_set = walk.optional(&mut fields, tag::explicit(0))?;
    let crl_set = walk.optional(&mut fields, tag::explicit(1))?;
    let signer_set = walk.take(&mut fields, tag::SET, "expected signerInfos")?;
    fields.finish()?;

    let digest_algorithms = walk
        .each(digest_set, "digestAlgorithms", MAX_DIGEST_ALGORITHMS)?
        .into_iter()
        .map(algorithm)
        .collect::<Result<_, _>>()?;
    let content = read_content(walk, encapsulated)?;
    let (certificates, other_certificates) = choices(
        walk,
        certificate_set,
        "certificates",
        MAX_CERTIFICATES,
        // extendedCertificate, v1AttrCert, v2AttrCert, other (RFC 5652 section 10.2.2).
        &[0xa0, 0xa1, 0xa2, 0xa3],
    )?;
    let (crls, other_revocation) = choices(walk, crl_set, "crls", MAX_CRLS, &[0xa1])?;
    let signers = walk
        .each(signer_set, "SignerInfos", MAX_SIGNERS)?
        .into_iter()
        .map(|s| signer::from_tlv(walk, s))
        .collect::<Result<_, _>>()?;
    Ok(SignedData {
        encoded_len,
        ber: walk.ber,
        version,
        digest_algorithms,
        content_type: content.kind,
        content: content.octets,
        content_tag: content.tag,
        content_offset: content.offset,
        detached: content.detached,
        certificates,
        other_certificates,
        crls,
        other_revocation,
        signers,
    })
}

struct Content {
    kind: Oid,
    octets: Vec<u8>,
    tag: u8,
    offset: usize,
    detached: bool,
}

/// encapContentInfo. PKCS #7 digests the contents octets of whatever value stands there; CMS wraps it in an OCTET STRING, whose
/// octets are then the content (RFC 5652 section 5.2.1).
fn read_content(walk: &mut Walk, encapsulated: Tlv<'_>) -> Result<Content, Error> {
    let mut fields = encapsulated.reader();
    let kind = walk
        .take(&mut fields, tag::OID, "expected eContentType")?
        .oid()?;
    let explicit = walk.optional(&mut fields, tag::explicit(0))?;
    fields.finish()?;
    let Some(explicit) = explicit else {
        return Ok(Content {
            kind,
            octets: Vec::new(),
            tag: 0,
            offset: encapsulated.offset,
            detached: true,
        });
    };
    let mut inner = explicit.reader();
    let value = walk.any(&mut inner)?;
    inner.finish()?;
    let octets = match value.tag {
        tag::OCTET_STRING | CONSTRUCTED_OCTETS => walk.octets(value)?,
        _ => value.value.to_vec(),
    };
    Ok(Content {
        kind,
        octets,
        tag: value.tag,
        offset: value.value_offset,
        detached: false,
    })
}

/// A SET of CHOICE whose universal SEQUENCE member is wanted and whose context-specific ones are counted.
fn choices(
    walk: &mut Walk,
    set: Option<Tlv<'_>>,
    what: &'static str,
    limit: usize,
    others: &[u8],
) -> Result<(Vec<Vec<u8>>, usize), Error> {
    let mut wanted = Vec::new();
    let mut skipped = 0usize;
    let Some(set) = set else {
        return Ok((wanted, skipped));
    };
    for item in walk.each(set, what, limit)? {
        if item.tag == tag::SEQUENCE {
            wanted.push(item.raw.to_vec());
        } else if others.contains(&item.tag) {
            skipped = skipped.saturating_add(1);
        } else {
            return Err(item.error("unexpected choice in the set").into());
        }
    }
    Ok((wanted, skipped))
}

const CONSTRUCTED_OCTETS: u8 = tag::OCTET_STRING | tag::CONSTRUCTED;

/// AlgorithmIdentifier.
fn algorithm(tlv: Tlv<'_>) -> Result<AlgorithmIdentifier, DerError> {
    if tlv.tag != tag::SEQUENCE {
        return Err(tlv.error("expected AlgorithmIdentifier"));
    }
    let mut fields = tlv.reader();
    let oid = fields.expect(tag::OID, "expected algorithm")?.oid()?;
    let parameters = if fields.is_empty() {
        None
    } else {
        Some(fields.any()?.raw.to_vec())
    };
    fields.finish()?;
    Ok(AlgorithmIdentifier { oid, parameters })
}

/// Reads values and remembers whether any was BER.
#[derive(Debug, Default)]
struct Walk {
    ber: bool,
}

impl Walk {
    fn any<'a>(&mut self, reader: &mut Reader<'a>) -> Result<Tlv<'a>, DerError> {
        let tlv = reader.any()?;
        self.ber |= tlv.ber;
        Ok(tlv)
    }

    fn take<'a>(
        &mut self,
        reader: &mut Reader<'a>,
        tag: u8,
        what: &'static str,
    ) -> Result<Tlv<'a>, DerError> {
        let tlv = reader.expect(tag, what)?;
        self.ber |= tlv.ber;
        Ok(tlv)
    }

    fn optional<'a>(
        &mut self,
        reader: &mut Reader<'a>,
        tag: u8,
    ) -> Result<Option<Tlv<'a>>, DerError> {
        let tlv = reader.optional(tag)?;
        self.ber |= tlv.is_some_and(|t| t.ber);
        Ok(tlv)
    }

    fn each<'a>(
        &mut self,
        set: Tlv<'a>,
        what: &'static str,
        limit: usize,
    ) -> Result<Vec<Tlv<'a>>, Error> {
        let mut reader = set.reader();
        let mut items = Vec::new();
        while !reader.is_empty() {
            if items.len() >= limit {
                return Err(Error::Limit {
                    what,
                    limit,
                    offset: reader.offset(),
                });
            }
            items.push(self.any(&mut reader)?);
        }
        Ok(items)
    }

    /// Octets of a primitive or constructed OCTET STRING. Segments are primitive: X.690 section 8.7.3 allows deeper nesting, which no
    /// signer seen uses.
    fn octets(&mut self, tlv: Tlv<'_>) -> Result<Vec<u8>, Error> {
        match tlv.tag {
            tag::OCTET_STRING => Ok(tlv.value.to_vec()),
            CONSTRUCTED_OCTETS => {
                self.ber = true;
                let mut octets = Vec::with_capacity(tlv.value.len());
                for segment in self.each(tlv, "OCTET STRING segments", MAX_SEGMENTS)? {
                    if segment.tag != tag::OCTET_STRING {
                        return Err(segment.error("expected a primitive OCTET STRING").into());
                    }
                    octets.extend_from_slice(segment.value);
                }
                Ok(octets)
            }
            _ => Err(tlv.error("expected OCTET STRING").into()),
        }
    }
}
