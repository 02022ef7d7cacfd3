//! OCSP answers (RFC 6960), as stapled or recorded; never asked for here.

use sha1::Sha1;
use sha2::{Digest as _, Sha256};

use super::crl::read_entry_extensions;
use super::{Entry, Scope, Subject, Unusable, Word};
use crate::base::der::{Error, Reader, Tlv, tag};
use crate::base::time::{Time, rfc3339};
use crate::model::certificate::Certificate;
use crate::model::cms::AlgorithmIdentifier;
use crate::verify::certificate;
use crate::verify::crypto::Answer;

/// id-pkix-ocsp-basic, 1.3.6.1.5.5.7.48.1.1.
const BASIC: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 48, 1, 1];
/// id-kp-OCSPSigning, 1.3.6.1.5.5.7.3.9.
const OCSP_SIGNING: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 9];
const SHA1: &[u8] = &[0x2b, 14, 3, 2, 26];
const SHA256: &[u8] = &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1];

/// Certificates of responders tried; answers carry one.
const MAX_RESPONDERS: usize = 4;

/// How long an answer without nextUpdate counts: it says that newer ones are always to be had (section 4.2.2.1).
const WITHOUT_NEXT_UPDATE: time::Duration = time::Duration::days(1);

struct Response<'a> {
    whole: &'a [u8],
    tbs: &'a [u8],
    algorithm: AlgorithmIdentifier,
    signature: &'a [u8],
    certificates: Vec<&'a [u8]>,
    responses: Tlv<'a>,
}

/// What the answer says of the subject.
pub(super) fn ask(der: &[u8], subject: &Subject<'_>, scope: &Scope<'_>) -> Word {
    let unreadable = |error: Error| {
        Word::Unusable(
            Unusable::Other,
            format!("an OCSP answer cannot be read: {error}"),
        )
    };
    let response = match Response::read(der) {
        Ok(Some(response)) => response,
        // An answer that is only an error status says nothing of any certificate.
        Ok(None) => return Word::Silent,
        Err(error) => return unreadable(error),
    };
    let single = match response.single(subject) {
        Ok(Some(single)) => single,
        Ok(None) => return Word::Silent,
        Err(error) => return unreadable(error),
    };
    if !response.is_signed(subject, scope) {
        return Word::Unusable(
            Unusable::BadSignature,
            "the OCSP answer is not signed by the issuer or a responder of its own".to_owned(),
        );
    }
    match single.status {
        Status::Revoked(entry) if single.this_update <= scope.now => Word::Revoked(entry),
        Status::Unknown => Word::Unusable(
            Unusable::Other,
            "the OCSP responder does not know the certificate".to_owned(),
        ),
        Status::Good | Status::Revoked(_) => match single.freshness(scope.now) {
            Some(why) => Word::Unusable(Unusable::Stale, why),
            None => Word::Good,
        },
    }
}

impl<'a> Response<'a> {
    /// `None` where the response is an error status without an answer.
    fn read(der: &'a [u8]) -> Result<Option<Self>, Error> {
        let mut input = Reader::der(der);
        let outer = input.expect(tag::SEQUENCE, "expected an OCSPResponse")?;
        input.finish()?;
        let mut fields = outer.reader();
        let status = fields
            .expect(tag::ENUMERATED, "expected responseStatus")?
            .unsigned()?;
        let Some(wrapper) = fields.optional(tag::explicit(0))? else {
            return Ok(None);
        };
        if status != 0 {
            return Ok(None);
        }
        let mut bytes = wrapper.reader().any()?.reader();
        let kind = bytes.expect(tag::OID, "expected responseType")?;
        let basic = bytes.expect(tag::OCTET_STRING, "expected response")?;
        if kind.value != BASIC {
            return Err(kind.error("response type is not basic"));
        }
        let mut inner = Reader::der(basic.value);
        let basic = inner.expect(tag::SEQUENCE, "expected a BasicOCSPResponse")?;
        inner.finish()?;
        let mut fields = basic.reader();
        let tbs = fields.expect(tag::SEQUENCE, "expected tbsResponseData")?;
        let algorithm = fields.expect(tag::SEQUENCE, "expected signatureAlgorithm")?;
        let signature = fields
            .expect(tag::BIT_STRING, "expected signature")?
            .bit_string()?;
        let mut certificates = Vec::new();
        if let Some(wrapper) = fields.optional(tag::explicit(0))? {
            let mut list = wrapper.reader().any()?.reader();
            while !list.is_empty() && certificates.len() < MAX_RESPONDERS {
                certificates.push(list.any()?.raw);
            }
        }
        let mut data = tbs.reader();
        data.optional(tag::explicit(0))?;
        // responderID by name or key; whose key it is, the signature decides.
        data.any()?;
        data.expect(tag::GENERALIZED_TIME, "expected producedAt")?;
        let responses = data.expect(tag::SEQUENCE, "expected responses")?;
        Ok(Some(Self {
            whole: der,
            tbs: tbs.raw,
            algorithm: certificate::algorithm_identifier(&algorithm)?,
            signature,
            certificates,
            responses,
        }))
    }

    /// The answer about the subject.
    fn single(&self, subject: &Subject<'_>) -> Result<Option<Single>, Error> {
        let mut members = self.responses.reader();
        while !members.is_empty() {
            let member = members.expect(tag::SEQUENCE, "expected a SingleResponse")?;
            let mut fields = member.reader();
            let id = fields.expect(tag::SEQUENCE, "expected certID")?;
            if is_about(&id, subject)? {
                return Single::read(&mut fields).map(Some);
            }
        }
        Ok(None)
    }

    /// By the issuer, or by a responder that the issuer itself certified for this (section 4.2.2.2).
    fn is_signed(&self, subject: &Subject<'_>, scope: &Scope<'_>) -> bool {
        self.is_signed_by(subject.issuer, scope)
            || self.certificates.iter().any(|der| {
                let Ok(responder) = certificate::read(der) else {
                    return false;
                };
                let usages = &responder.extensions.extended_key_usage;
                responder.issuer.raw == subject.issuer.subject.raw
                    && responder.algorithms_agree
                    && usages.iter().flatten().any(|u| u.as_der() == OCSP_SIGNING)
                    && responder.not_before <= scope.now
                    && scope.now <= responder.not_after
                    && scope.cache.certificate(subject.issuer, &responder) == Answer::Valid
                    && self.is_signed_by(&responder, scope)
            })
    }

    fn is_signed_by(&self, signer: &Certificate, scope: &Scope<'_>) -> bool {
        scope.cache.message(
            signer,
            self.whole,
            &self.algorithm,
            self.tbs,
            self.signature,
        ) == Answer::Valid
    }
}

/// CertID (section 4.1.1): hashes of the issuer's name and key, and the serial number.
fn is_about(id: &Tlv<'_>, subject: &Subject<'_>) -> Result<bool, Error> {
    let mut fields = id.reader();
    let algorithm = certificate::algorithm_identifier(
        &fields.expect(tag::SEQUENCE, "expected hashAlgorithm")?,
    )?;
    let name_hash = fields.expect(tag::OCTET_STRING, "expected issuerNameHash")?;
    let key_hash = fields.expect(tag::OCTET_STRING, "expected issuerKeyHash")?;
    let serial = fields.expect(tag::INTEGER, "expected serialNumber")?;
    if serial.value != subject.certificate.serial {
        return Ok(false);
    }
    let name = &subject.certificate.issuer.raw;
    let Some(key) = key_bits(subject.issuer) else {
        return Ok(false);
    };
    Ok(match algorithm.oid.as_der() {
        SHA1 => {
            name_hash.value == Sha1::digest(name).as_slice()
                && key_hash.value == Sha1::digest(key).as_slice()
        }
        SHA256 => {
            name_hash.value == Sha256::digest(name).as_slice()
                && key_hash.value == Sha256::digest(key).as_slice()
        }
        _ => false,
    })
}

/// subjectPublicKey's bits, without tag, length and count of unused bits.
fn key_bits(certificate: &Certificate) -> Option<&[u8]> {
    let mut fields = Reader::der(&certificate.spki).any().ok()?.reader();
    fields.any().ok()?;
    fields.any().ok()?.bit_string().ok()
}

enum Status {
    Good,
    Revoked(Entry),
    Unknown,
}

struct Single {
    status: Status,
    this_update: Time,
    next_update: Option<Time>,
}

impl Single {
    fn read(fields: &mut Reader<'_>) -> Result<Self, Error> {
        let status = fields.any()?;
        let mut status = match status.tag & 0x1f {
            0 => Status::Good,
            1 => {
                let mut info = status.reader();
                let at = info.any()?.time()?;
                let reason = match info.optional(tag::explicit(0))? {
                    Some(wrapper) => Some(wrapper.reader().any()?.unsigned()?),
                    None => None,
                };
                Status::Revoked(Entry {
                    at,
                    reason,
                    invalid_since: None,
                })
            }
            _ => Status::Unknown,
        };
        let this_update = fields.any()?.time()?;
        let next_update = match fields.optional(tag::explicit(0))? {
            Some(wrapper) => Some(wrapper.reader().any()?.time()?),
            None => None,
        };
        if let (Some(wrapper), Status::Revoked(entry)) =
            (fields.optional(tag::explicit(1))?, &mut status)
        {
            read_entry_extensions(&wrapper.reader().any()?, entry)?;
        }
        Ok(Self {
            status,
            this_update,
            next_update,
        })
    }

    fn freshness(&self, now: Time) -> Option<String> {
        let until = self
            .next_update
            .or_else(|| self.this_update.checked_add(WITHOUT_NEXT_UPDATE));
        if self.this_update > now {
            return Some(format!(
                "the OCSP answer is of {}, after the judgement time",
                rfc3339(self.this_update)
            ));
        }
        match until {
            Some(until) if until >= now => None,
            Some(until) => Some(format!("the OCSP answer ran out {}", rfc3339(until))),
            None => Some("the OCSP answer does not say how long it holds".to_owned()),
        }
    }
}
