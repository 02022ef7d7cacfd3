//! The question to an OCSP responder (RFC 6960 section 4.1), for the shell to send. Without a nonce, as RFC 5019 has it: recorded
//! answers must replay.

use sha1::{Digest as _, Sha1};

use crate::base::der::{Reader, tag};
use crate::model::certificate::Certificate;

/// AlgorithmIdentifier of SHA-1, which responders of every age know CertIDs by.
const SHA1: &[u8] = &[
    0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a, 0x05, 0x00,
];

/// DER of an OCSPRequest about `subject`, issued by `issuer`; `None` where the issuer's key cannot be read.
pub fn ocsp_request(subject: &Certificate, issuer: &Certificate) -> Option<Vec<u8>> {
    let key = {
        let mut spki = Reader::der(&issuer.spki).any().ok()?.reader();
        spki.any().ok()?;
        spki.any().ok()?.bit_string().ok()?
    };
    let octets = |value: &[u8]| tlv(tag::OCTET_STRING, &[&Sha1::digest(value)]);
    let cert_id = tlv(
        tag::SEQUENCE,
        &[
            SHA1,
            &octets(&subject.issuer.raw)?,
            &octets(key)?,
            &tlv(tag::INTEGER, &[&subject.serial])?,
        ],
    )?;
    // OCSPRequest ⊃ TBSRequest ⊃ requestList ⊃ Request ⊃ CertID: four sequences around it.
    (0..4).try_fold(cert_id, |inner, _| tlv(tag::SEQUENCE, &[&inner]))
}

/// One definite-length value of up to 65,535 octets.
fn tlv(tag: u8, parts: &[&[u8]]) -> Option<Vec<u8>> {
    let value = parts.concat();
    let mut out = vec![tag];
    match u16::try_from(value.len()).ok()?.to_be_bytes() {
        [0, low @ 0..0x80] => out.push(low),
        [0, low] => out.extend([0x81, low]),
        [high, low] => out.extend([0x82, high, low]),
    }
    out.extend(value);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::tlv;

    #[test]
    fn lengths_take_their_shortest_form() {
        for (len, head) in [
            (0, &[4, 0][..]),
            (127, &[4, 127]),
            (128, &[4, 0x81, 128]),
            (256, &[4, 0x82, 1, 0]),
        ] {
            let encoded = tlv(4, &[&vec![0; len]]).unwrap();
            assert_eq!(encoded.get(..head.len()).unwrap(), head);
            assert_eq!(encoded.len(), head.len() + len);
        }
        assert!(tlv(4, &[&vec![0; 65_536]]).is_none());
    }
}
