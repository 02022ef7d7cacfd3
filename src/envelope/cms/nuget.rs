//! What NuGet puts into CMS: the signature manifest, and attributes that say what a signature is for (NuGet package signatures
//! technical details; RFC 5126 for the CAdES attributes).

use crate::base::base64;
use crate::base::der::{Reader, tag};
use crate::base::oid::Oid;
use crate::envelope::Error;

/// id-data (RFC 5652 section 4), the eContentType of a signature manifest.
pub const DATA: &str = "1.2.840.113549.1.7.1";
/// commitmentTypeIndication (RFC 5126 section 5.11.1), a signed attribute.
pub const COMMITMENT_TYPE: &str = "1.2.840.113549.1.9.16.2.16";
/// proofOfOrigin: the signer made it.
pub const PROOF_OF_ORIGIN: &str = "1.2.840.113549.1.9.16.6.1";
/// proofOfReceipt: the signer took it in.
pub const PROOF_OF_RECEIPT: &str = "1.2.840.113549.1.9.16.6.2";
/// The address of a repository's service index, a signed attribute.
pub const SERVICE_INDEX: &str = "1.3.6.1.4.1.311.84.2.1.1.1";
/// The owners of the package at the repository, a signed attribute.
pub const OWNERS: &str = "1.3.6.1.4.1.311.84.2.1.1.2";

/// Commitment types and owners read; one and a handful are usual.
const MAX_VALUES: usize = 32;

/// The digest that a signature manifest states of the package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// Its algorithm.
    pub algorithm: Oid,
    /// Its value.
    pub digest: Vec<u8>,
}

/// Reads a signature manifest: `Version:1`, an empty line, `OID-Hash:BASE64`, an empty line. Nothing else may stand there.
///
/// # Errors
/// Where it is of another form; `offset` says where it stands.
pub fn manifest(content: &[u8], offset: usize) -> Result<Manifest, Error> {
    let read = || {
        let text = std::str::from_utf8(content).ok()?;
        let text = text.replace("\r\n", "\n");
        let line = text.strip_prefix("Version:1\n\n")?.strip_suffix("\n\n")?;
        let (algorithm, digest) = line.split_once("-Hash:")?;
        if line.contains(char::is_whitespace) {
            return None;
        }
        Some(Manifest {
            algorithm: Oid::parse(algorithm)?,
            digest: base64::decode(digest)?,
        })
    };
    read().ok_or(Error::Content {
        expected: "a NuGet signature manifest of version 1",
        offset,
    })
}

/// Reads the commitmentTypeId of CommitmentTypeIndication.
///
/// # Errors
/// Where it is not DER, or not of this structure.
pub fn commitment_type(value: &[u8]) -> Result<Oid, Error> {
    let mut outer = Reader::der(value);
    let mut fields = outer
        .expect(tag::SEQUENCE, "expected CommitmentTypeIndication")?
        .reader();
    outer.finish()?;
    Ok(fields
        .expect(tag::OID, "expected commitmentTypeId")?
        .oid()?)
}

/// Reads the address of a service index, an IA5String.
///
/// # Errors
/// Where it is something else.
pub fn service_index(value: &[u8]) -> Result<String, Error> {
    let mut outer = Reader::der(value);
    let address = outer.expect(tag::IA5_STRING, "expected the service index")?;
    outer.finish()?;
    Ok(String::from_utf8_lossy(address.value).into_owned())
}

/// Reads the names of owners, a sequence of UTF8String.
///
/// # Errors
/// Where it is something else, or too many.
pub fn owners(value: &[u8]) -> Result<Vec<String>, Error> {
    let mut outer = Reader::der(value);
    let list = outer.expect(tag::SEQUENCE, "expected owners")?;
    outer.finish()?;
    let mut names = list.reader();
    let mut owners = Vec::new();
    while !names.is_empty() {
        if owners.len() >= MAX_VALUES {
            return Err(Error::Limit {
                what: "owners",
                limit: MAX_VALUES,
                offset: 0,
            });
        }
        let name = names.expect(tag::UTF8_STRING, "expected an owner")?;
        owners.push(String::from_utf8_lossy(name.value).into_owned());
    }
    Ok(owners)
}

#[cfg(test)]
mod tests {
    use super::{commitment_type, manifest, owners, service_index};

    #[test]
    fn a_manifest_is_of_one_form_only() {
        let good = "Version:1\n\n2.16.840.1.101.3.4.2.1-Hash:AQID\n\n";
        assert_eq!(manifest(good.as_bytes(), 0).unwrap().digest, [1, 2, 3]);
        let windows = good.replace('\n', "\r\n");
        assert_eq!(
            manifest(windows.as_bytes(), 0),
            manifest(good.as_bytes(), 0)
        );
        for bad in [
            good.replace("Version:1", "Version:2"),
            good.replace("\n\n2", "\n2"),
            good.trim_end().to_owned(),
            format!("{good}x"),
            good.replace("AQID", "AQID\n\n2.16.840.1.101.3.4.2.1-Hash:AQID"),
            good.replace("AQID", "AQ ID"),
            good.replace("AQID", "*"),
            good.replace("2.16", "x"),
            String::new(),
        ] {
            assert!(manifest(bad.as_bytes(), 0).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn attributes_are_of_their_types_only() {
        let commitment = [0x30, 4, 6, 2, 0x2a, 3];
        assert_eq!(commitment_type(&commitment).unwrap().to_string(), "1.2.3");
        assert!(commitment_type(&[0x30, 0]).is_err());
        assert_eq!(service_index(b"\x16\x01a").unwrap(), "a");
        assert!(service_index(b"\x0c\x01a").is_err());
        assert_eq!(owners(b"\x30\x06\x0c\x01a\x0c\x01b").unwrap(), ["a", "b"]);
        assert!(owners(&[&[0x30, 99][..], &[0x0c, 1, b'a'].repeat(33)].concat()).is_err());
    }
}
