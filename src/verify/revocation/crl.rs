//! Certificate revocation lists (RFC 5280 section 5, 6.3.3).

use super::{Entry, Scope, Subject, Unusable, Word};
use crate::base::der::{Error, Reader, Tlv, tag};
use crate::base::time::{Time, rfc3339};
use crate::model::certificate::{Certificate, Name};
use crate::model::cms::AlgorithmIdentifier;
use crate::verify::certificate;
use crate::verify::crypto::Answer;
use crate::verify::path::same_name;

/// cRLSign (RFC 5280 section 4.2.1.3).
const CRL_SIGN: u16 = 1 << 6;

/// Separate CRL signers tried for one list; authorities have one at a time.
const MAX_SIGNERS: usize = 8;

const CRL_NUMBER: &[u8] = &[0x55, 0x1d, 20];
const REASON_CODE: &[u8] = &[0x55, 0x1d, 21];
const INVALIDITY_DATE: &[u8] = &[0x55, 0x1d, 24];
const DELTA_CRL_INDICATOR: &[u8] = &[0x55, 0x1d, 27];
const ISSUING_DISTRIBUTION_POINT: &[u8] = &[0x55, 0x1d, 28];
const CRL_DISTRIBUTION_POINTS: &[u8] = &[0x55, 0x1d, 31];
const AUTHORITY_KEY_ID: &[u8] = &[0x55, 0x1d, 35];

/// A list, read; entries stay undecoded, since real ones hold a hundred thousand.
struct Crl<'a> {
    whole: &'a [u8],
    tbs: &'a [u8],
    algorithm: AlgorithmIdentifier,
    algorithms_agree: bool,
    signature: &'a [u8],
    issuer: Name,
    this_update: Time,
    next_update: Option<Time>,
    revoked: Option<Tlv<'a>>,
    extensions: Vec<Extension<'a>>,
}

struct Extension<'a> {
    oid: &'a [u8],
    critical: bool,
    value: &'a [u8],
}

/// What the list says of the subject.
pub(super) fn ask(der: &[u8], subject: &Subject<'_>, scope: &Scope<'_>) -> Word {
    let crl = match Crl::read(der) {
        Ok(crl) => crl,
        Err(error) => {
            return Word::Unusable(Unusable::Other, format!("a CRL cannot be read: {error}"));
        }
    };
    if !same_name(&crl.issuer, &subject.certificate.issuer) {
        return Word::Silent;
    }
    match crl.covers(subject.certificate) {
        Coverage::No => return Word::Silent,
        Coverage::Unclear(why) => return Word::Unusable(Unusable::Other, why.to_owned()),
        Coverage::Yes => {}
    }
    if !crl.is_signed(subject, scope) {
        return Word::Unusable(
            Unusable::BadSignature,
            "the CRL is not signed by the certificate's issuer".to_owned(),
        );
    }
    if let Some(why) = crl.nonconformance(scope.conformance) {
        return Word::Unusable(Unusable::Other, why.to_owned());
    }
    match crl.entry(&subject.certificate.serial) {
        Err(error) => Word::Unusable(Unusable::Other, format!("a CRL cannot be read: {error}")),
        // A list that has run out still shows what was revoked while it ran.
        Ok(Some(entry)) if crl.this_update <= scope.now => Word::Revoked(entry),
        Ok(_) => match crl.freshness(scope.now) {
            Some(why) => Word::Unusable(Unusable::Stale, why),
            None => Word::Good,
        },
    }
}

/// A list that `authority` itself signed names `signer`.
fn is_revoked(signer: &Certificate, authority: &Certificate, scope: &Scope<'_>) -> bool {
    scope.evidence.crls.iter().any(|der| {
        Crl::read(der).is_ok_and(|crl| {
            same_name(&crl.issuer, &signer.issuer)
                && crl.algorithms_agree
                && crl.is_signed_by(authority, scope)
                && matches!(crl.entry(&signer.serial), Ok(Some(_)))
        })
    })
}

enum Coverage {
    Yes,
    No,
    Unclear(&'static str),
}

impl<'a> Crl<'a> {
    fn read(der: &'a [u8]) -> Result<Self, Error> {
        let mut input = Reader::der(der);
        let outer = input.expect(tag::SEQUENCE, "expected a CertificateList")?;
        input.finish()?;
        let mut fields = outer.reader();
        let tbs = fields.expect(tag::SEQUENCE, "expected tbsCertList")?;
        let algorithm = fields.expect(tag::SEQUENCE, "expected signatureAlgorithm")?;
        let signature = fields
            .expect(tag::BIT_STRING, "expected signatureValue")?
            .bit_string()?;
        fields.finish()?;

        let mut body = tbs.reader();
        body.optional(tag::INTEGER)?;
        let inner = body.expect(tag::SEQUENCE, "expected signature")?;
        let issuer = certificate::read_name(&body.expect(tag::SEQUENCE, "expected issuer")?)?;
        let this_update = body.any()?.time()?;
        let next_update = match body.peek() {
            Some(tag::UTC_TIME | tag::GENERALIZED_TIME) => Some(body.any()?.time()?),
            _ => None,
        };
        let revoked = body.optional(tag::SEQUENCE)?;
        let extensions = match body.optional(tag::explicit(0))? {
            Some(wrapper) => extensions(&wrapper.reader().any()?)?,
            None => Vec::new(),
        };
        body.finish()?;
        Ok(Self {
            whole: der,
            tbs: tbs.raw,
            algorithms_agree: inner.raw == algorithm.raw,
            algorithm: certificate::algorithm_identifier(&algorithm)?,
            signature,
            issuer,
            this_update,
            next_update,
            revoked,
            extensions,
        })
    }

    fn extension(&self, oid: &[u8]) -> Option<&Extension<'a>> {
        self.extensions.iter().find(|e| e.oid == oid)
    }

    /// Whether the list is about this kind of certificate and this distribution point (section 6.3.3 (b)).
    fn covers(&self, certificate: &Certificate) -> Coverage {
        if self.extension(DELTA_CRL_INDICATOR).is_some() {
            return Coverage::Unclear("the CRL is a delta to another");
        }
        let Some(point) = self.extension(ISSUING_DISTRIBUTION_POINT) else {
            return Coverage::Yes;
        };
        let Ok(point) = IssuingPoint::read(point.value) else {
            return Coverage::Unclear("the CRL's issuing distribution point cannot be read");
        };
        let is_ca = matches!(certificate.extensions.basic_constraints, Some((true, _)));
        if point.attributes_only
            || (point.users_only && is_ca)
            || (point.authorities_only && !is_ca)
        {
            return Coverage::No;
        }
        if point.indirect {
            return Coverage::Unclear("the CRL is indirect");
        }
        if point.some_reasons {
            return Coverage::Unclear("the CRL covers some reasons only");
        }
        let Some(names) = point.names else {
            return Coverage::Yes;
        };
        // Without a distribution point of its own a certificate's is its issuer's name (section 6.3.3, last paragraph).
        let asked = distribution_points(certificate);
        if names.iter().any(|name| asked.iter().any(|a| a == name)) {
            Coverage::Yes
        } else {
            Coverage::No
        }
    }

    /// By the issuer's key or another of the same name: one on the path, or one that an authority on the path certified for this
    /// (section 6.3.3 (f), (g)).
    fn is_signed(&self, subject: &Subject<'_>, scope: &Scope<'_>) -> bool {
        if !self.algorithms_agree {
            return false;
        }
        let on_path = subject
            .above
            .iter()
            .filter(|signer| same_name(&signer.subject, &self.issuer));
        let separate = scope
            .supplied
            .iter()
            .filter(|signer| same_name(&signer.subject, &self.issuer))
            .filter(|signer| !subject.above.iter().any(|c| c.id == signer.id))
            .take(MAX_SIGNERS)
            .filter(|signer| self.is_crl_signer(signer, subject, scope));
        on_path
            .chain(separate)
            .any(|signer| self.is_signed_by(signer, scope))
    }

    /// `signer` is certified for signing CRLs by an authority above the subject, in date, and not known to be revoked.
    fn is_crl_signer(
        &self,
        signer: &Certificate,
        subject: &Subject<'_>,
        scope: &Scope<'_>,
    ) -> bool {
        let stated = signer
            .extensions
            .key_usage
            .is_some_and(|bits| bits & CRL_SIGN != 0);
        let in_date = signer.not_before <= scope.now && scope.now <= signer.not_after;
        stated
            && in_date
            && signer.algorithms_agree
            && signer.extensions.duplicates.is_empty()
            && subject.above.iter().any(|authority| {
                same_name(&authority.subject, &signer.issuer)
                    && scope.cache.certificate(authority, signer) == Answer::Valid
                    && !is_revoked(signer, authority, scope)
            })
    }

    fn is_signed_by(&self, signer: &Certificate, scope: &Scope<'_>) -> bool {
        let may_sign = signer
            .extensions
            .key_usage
            .is_none_or(|bits| bits & CRL_SIGN != 0);
        may_sign
            && scope.cache.message(
                signer,
                self.whole,
                &self.algorithm,
                self.tbs,
                self.signature,
            ) == Answer::Valid
    }

    /// Critical extensions that are not understood (section 5.2), and what a conforming list has.
    fn nonconformance(&self, strict: bool) -> Option<&'static str> {
        let understood = [ISSUING_DISTRIBUTION_POINT, AUTHORITY_KEY_ID, CRL_NUMBER];
        if self
            .extensions
            .iter()
            .any(|e| e.critical && !understood.contains(&e.oid))
        {
            return Some("the CRL has a critical extension that is not understood");
        }
        match self.extension(CRL_NUMBER) {
            None if strict => Some("the CRL has no number (RFC 5280 section 5.2.3)"),
            Some(number) if strict && number.critical => {
                Some("the CRL has a critical number (RFC 5280 section 5.2.3)")
            }
            _ => None,
        }
    }

    fn freshness(&self, now: Time) -> Option<String> {
        match self.next_update {
            _ if self.this_update > now => Some(format!(
                "the CRL is of {}, after the judgement time",
                rfc3339(self.this_update)
            )),
            Some(next) if next < now => Some(format!("the CRL ran out {}", rfc3339(next))),
            None => Some("the CRL does not say how long it holds".to_owned()),
            Some(_) => None,
        }
    }

    fn entry(&self, serial: &[u8]) -> Result<Option<Entry>, Error> {
        let Some(list) = &self.revoked else {
            return Ok(None);
        };
        let mut entries = list.reader();
        let mut found = None;
        while !entries.is_empty() {
            let entry = entries.expect(tag::SEQUENCE, "expected a revoked certificate")?;
            let mut fields = entry.reader();
            let number = fields.expect(tag::INTEGER, "expected a serial number")?;
            if number.value != serial || found.is_some() {
                continue;
            }
            let at = fields.any()?.time()?;
            let mut entry = Entry {
                at,
                reason: None,
                invalid_since: None,
            };
            if let Some(list) = fields.optional(tag::SEQUENCE)? {
                read_entry_extensions(&list, &mut entry)?;
            }
            found = Some(entry);
        }
        Ok(found)
    }
}

/// reasonCode and invalidityDate of a CRL entry (section 5.3) or an OCSP answer (RFC 6960 section 4.4.5).
pub(super) fn read_entry_extensions(list: &Tlv<'_>, entry: &mut Entry) -> Result<(), Error> {
    for extension in extensions(list)? {
        let value = || Reader::der(extension.value).any();
        match extension.oid {
            REASON_CODE => entry.reason = Some(value()?.unsigned()?),
            INVALIDITY_DATE => entry.invalid_since = Some(value()?.time()?),
            _ => {}
        }
    }
    Ok(())
}

fn extensions<'a>(list: &Tlv<'a>) -> Result<Vec<Extension<'a>>, Error> {
    let mut members = list.reader();
    let mut found = Vec::new();
    while !members.is_empty() {
        let member = members.expect(tag::SEQUENCE, "expected an extension")?;
        let mut fields = member.reader();
        let oid = fields.expect(tag::OID, "expected an extension's type")?;
        let critical = match fields.optional(tag::BOOLEAN)? {
            Some(flag) => flag.value != [0],
            None => false,
        };
        let value = fields.expect(tag::OCTET_STRING, "expected an extension's value")?;
        fields.finish()?;
        found.push(Extension {
            oid: oid.value,
            critical,
            value: value.value,
        });
    }
    Ok(found)
}

/// IssuingDistributionPoint (section 5.2.5).
#[derive(Default)]
struct IssuingPoint {
    /// Encodings of fullName's members; empty for a name relative to the issuer, which matches nothing here.
    names: Option<Vec<Vec<u8>>>,
    users_only: bool,
    authorities_only: bool,
    attributes_only: bool,
    indirect: bool,
    some_reasons: bool,
}

impl IssuingPoint {
    fn read(value: &[u8]) -> Result<Self, Error> {
        let mut input = Reader::der(value);
        let outer = input.expect(tag::SEQUENCE, "expected IssuingDistributionPoint")?;
        input.finish()?;
        let mut fields = outer.reader();
        let mut point = Self::default();
        while !fields.is_empty() {
            let field = fields.any()?;
            let set = field.value != [0];
            match field.tag & 0x1f {
                0 => point.names = Some(full_names(&field)?),
                1 => point.users_only = set,
                2 => point.authorities_only = set,
                3 => point.some_reasons = true,
                4 => point.indirect = set,
                5 => point.attributes_only = set,
                _ => return Err(field.error("unknown field")),
            }
        }
        Ok(point)
    }
}

/// The members of DistributionPointName's fullName, wrapped in its `[0]`.
fn full_names(wrapper: &Tlv<'_>) -> Result<Vec<Vec<u8>>, Error> {
    let choice = wrapper.reader().any()?;
    if choice.tag != tag::explicit(0) {
        return Ok(Vec::new());
    }
    let mut names = choice.reader();
    let mut found = Vec::new();
    while !names.is_empty() {
        found.push(names.any()?.raw.to_vec());
    }
    Ok(found)
}

/// Encodings of the names of a certificate's distribution points.
fn distribution_points(certificate: &Certificate) -> Vec<Vec<u8>> {
    let value = certificate
        .extensions
        .all
        .iter()
        .find(|(oid, _, _)| oid.as_der() == CRL_DISTRIBUTION_POINTS)
        .map(|(_, _, value)| value.as_slice());
    let read = |value| -> Result<Vec<Vec<u8>>, Error> {
        let mut points = Reader::der(value).any()?.reader();
        let mut found = Vec::new();
        while !points.is_empty() {
            let mut fields = points.any()?.reader();
            if let Some(wrapper) = fields.optional(tag::explicit(0))? {
                found.extend(full_names(&wrapper)?);
            }
        }
        Ok(found)
    };
    value.and_then(|v| read(v).ok()).unwrap_or_default()
}
