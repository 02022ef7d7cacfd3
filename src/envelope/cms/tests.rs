use super::{read, signer, spc, tst};
use crate::base::der::tag;
use crate::base::time::rfc3339;
use crate::envelope::Error;
use crate::model::cms::SignedData;
use crate::model::cms::SignerIdentifier;

fn tlv(tag: u8, contents: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    let [high, low] = u16::try_from(contents.len()).unwrap().to_be_bytes();
    match (high, low) {
        (0, 0..=0x7f) => out.push(low),
        (0, _) => out.extend([0x81, low]),
        _ => out.extend([0x82, high, low]),
    }
    out.extend(contents);
    out
}

fn seq(parts: &[&[u8]]) -> Vec<u8> {
    tlv(tag::SEQUENCE, &parts.concat())
}

fn oid(dotted: &str) -> Vec<u8> {
    tlv(
        tag::OID,
        crate::base::oid::Oid::parse(dotted).unwrap().as_der(),
    )
}

const SHA256: &str = "2.16.840.1.101.3.4.2.1";

fn signer_info(attributes: &[u8], unsigned: &[u8]) -> Vec<u8> {
    seq(&[
        &[2, 1, 1],
        &seq(&[&seq(&[]), &[2, 1, 7]]),
        &seq(&[&oid(SHA256), &[5, 0]]),
        &tlv(0xa0, attributes),
        &seq(&[&oid("1.2.840.113549.1.1.1"), &[5, 0]]),
        &tlv(4, &[0xaa; 8]),
        unsigned,
    ])
}

fn attribute(dotted: &str, value: &[u8]) -> Vec<u8> {
    seq(&[&oid(dotted), &tlv(tag::SET, value)])
}

fn signed_data(content: &[u8], sets: &[u8], signers: &[u8]) -> Vec<u8> {
    let body = seq(&[
        &[2, 1, 1],
        &tlv(tag::SET, &seq(&[&oid(SHA256), &[5, 0]])),
        &seq(&[&oid(spc::INDIRECT_DATA), &tlv(0xa0, content)]),
        sets,
        &tlv(tag::SET, signers),
    ]);
    seq(&[&oid("1.2.840.113549.1.7.2"), &tlv(0xa0, &body)])
}

fn attributes() -> Vec<u8> {
    [
        attribute("1.2.840.113549.1.9.3", &oid(spc::INDIRECT_DATA)),
        attribute("1.2.840.113549.1.9.4", &tlv(4, &[0; 32])),
    ]
    .concat()
}

fn sample() -> Vec<u8> {
    signed_data(&seq(&[&[5, 0]]), &[], &signer_info(&attributes(), &[]))
}

fn parsed(bytes: &[u8]) -> SignedData {
    read(bytes).unwrap()
}

#[test]
fn signed_parts_are_kept_as_found() {
    let mut bytes = sample();
    let len = bytes.len();
    bytes.extend([0, 0, 0]);
    let signed = parsed(&bytes);
    assert_eq!(
        (signed.encoded_len, signed.ber, signed.version),
        (len, false, 1)
    );
    assert_eq!(signed.content, [5, 0]);
    assert_eq!(bytes[signed.content_offset..][..2], [5, 0]);
    let signer = &signed.signers[0];
    let kept = signer.signed_attributes.as_ref().unwrap();
    assert_eq!(kept.signed_bytes, tlv(tag::SET, &attributes()));
    assert!(kept.sorted);
    assert_eq!(
        signer.identifier,
        SignerIdentifier::IssuerSerial {
            issuer: seq(&[]),
            serial: vec![7]
        }
    );
    let value = &kept.attributes[1].values[0];
    assert_eq!(bytes[value.offset..][..value.bytes.len()], value.bytes);
}

#[test]
fn contents_of_an_octet_string_are_the_content_in_segments_too() {
    let whole = signed_data(&tlv(4, b"abcd"), &[], &[]);
    assert_eq!(parsed(&whole).content, b"abcd");
    let segments = [tlv(4, b"ab"), tlv(4, b"cd")].concat();
    let cut = parsed(&signed_data(&tlv(0x24, &segments), &[], &[]));
    assert_eq!((cut.content.as_slice(), cut.ber), (&b"abcd"[..], true));
    let nested = tlv(0x24, &tlv(0x24, &tlv(4, b"ab")));
    assert!(read(&signed_data(&nested, &[], &[])).is_err());
}

#[test]
fn a_ber_wrapper_is_read_and_said() {
    let der = sample();
    let inner = parsed(&der);
    let mut ber = vec![0x30, 0x80];
    ber.extend(&der[3..]);
    ber.extend([0, 0]);
    let read = parsed(&ber);
    assert!(read.ber);
    assert_eq!(read.content, inner.content);
    assert_eq!(read.encoded_len, ber.len());
}

#[test]
fn signed_attributes_are_held_to_der_but_not_to_order() {
    let two = [
        attribute("1.2.840.113549.1.9.4", &tlv(4, &[0; 32])),
        attribute("1.2.840.113549.1.9.3", &oid(spc::INDIRECT_DATA)),
    ]
    .concat();
    let unsorted = parsed(&signed_data(&seq(&[]), &[], &signer_info(&two, &[])));
    assert!(
        !unsorted.signers[0]
            .signed_attributes
            .as_ref()
            .unwrap()
            .sorted
    );
    let long_length = [&[0x30, 0x81, 0x02, 0x06, 0x00][..]].concat();
    assert!(
        read(&signed_data(
            &seq(&[]),
            &[],
            &signer_info(&long_length, &[])
        ))
        .is_err()
    );
}

#[test]
fn attribute_certificates_are_counted_and_other_members_refused() {
    let set = |members: &[u8]| tlv(0xa0, members);
    let certificate = seq(&[&[5, 0]]);
    let mixed = [certificate.clone(), tlv(0xa2, &[5, 0]), certificate.clone()].concat();
    let signed = parsed(&signed_data(&seq(&[]), &set(&mixed), &[]));
    assert_eq!(signed.certificates, [certificate.clone(), certificate]);
    assert_eq!(signed.other_certificates, 1);
    assert!(read(&signed_data(&seq(&[]), &set(&[5, 0]), &[])).is_err());
}

#[test]
fn stray_bytes_at_any_level_are_errors() {
    let stray_in_signer = signer_info(&attributes(), &[5, 0]);
    assert!(read(&signed_data(&seq(&[]), &[], &stray_in_signer)).is_err());
    let two_values = [seq(&[]), seq(&[])].concat();
    assert!(read(&signed_data(&two_values, &[], &[])).is_err());
    assert!(read(&signed_data(&seq(&[]), &[5, 0], &[])).is_err());
    let mut alone = signer_info(&attributes(), &[]);
    assert!(signer::read(&alone).is_ok());
    alone.push(0);
    assert!(signer::read(&alone).is_err());
}

#[test]
fn every_truncation_is_an_error() {
    let bytes = sample();
    for len in 0..bytes.len() {
        assert!(read(&bytes[..len]).is_err(), "{len}");
    }
}

#[test]
fn a_limit_reached_is_an_error_and_no_silent_stop() {
    let many = seq(&[]).repeat(1025);
    let error = read(&signed_data(&seq(&[]), &tlv(0xa0, &many), &[])).unwrap_err();
    assert!(matches!(error, Error::Limit { limit: 1024, .. }), "{error}");
    let signers = signer_info(&attributes(), &[]).repeat(17);
    let error = read(&signed_data(&seq(&[]), &[], &signers)).unwrap_err();
    assert!(matches!(error, Error::Limit { limit: 16, .. }), "{error}");
}

fn indirect(value: &[u8]) -> Vec<u8> {
    [
        seq(&[&oid(spc::PE_IMAGE_DATA), value]),
        seq(&[&seq(&[&oid(SHA256), &[5, 0]]), &tlv(4, &[0x11; 32])]),
    ]
    .concat()
}

#[test]
fn page_hashes_stand_in_the_moniker_and_the_stronger_are_taken() {
    let plain = indirect(&seq(&[&[3, 1, 0], &tlv(0xa0, &tlv(0xa2, &tlv(0x80, b"")))]));
    let read = spc::indirect_data(&plain, 0).unwrap();
    assert_eq!((read.digest, read.page_hashes), (vec![0x11; 32], None));

    let table = |kind, bytes| seq(&[&oid(kind), &tlv(tag::SET, &tlv(4, bytes))]);
    let both = tlv(
        tag::SET,
        &[
            table(spc::PAGE_HASHES_V2, b"two"),
            table(spc::PAGE_HASHES_V1, b"one"),
        ]
        .concat(),
    );
    let object = [tlv(4, &spc_class()), tlv(4, &both)].concat();
    let image = seq(&[&[3, 1, 0], &tlv(0xa0, &tlv(0xa1, &object))]);
    let hashes = spc::indirect_data(&indirect(&image), 0)
        .unwrap()
        .page_hashes
        .unwrap();
    assert_eq!(hashes.table, b"two");
    assert!(spc::indirect_data(&indirect(&image)[1..], 9).is_err());
}

fn spc_class() -> [u8; 16] {
    spc::PAGE_HASHES_CLASS
}

#[test]
fn opus_reads_both_string_forms_and_a_url() {
    let name = tlv(0xa0, &tlv(0x80, &[0x04, 0x1f, 0x00, 0x41]));
    let url = tlv(0xa1, &tlv(0x80, b"https://example.com/"));
    let opus = spc::opus(&seq(&[&name, &url])).unwrap();
    assert_eq!(opus.program_name.as_deref(), Some("ПA"));
    assert_eq!(opus.url.as_deref(), Some("https://example.com/"));
    let ascii = spc::opus(&seq(&[&tlv(0xa0, &tlv(0x81, b"App"))])).unwrap();
    assert_eq!(ascii.program_name.as_deref(), Some("App"));
    assert_eq!(
        spc::opus(&seq(&[])).unwrap(),
        crate::model::cms::Opus::default()
    );
    assert!(spc::opus(&[4, 0]).is_err());
}

#[test]
fn tst_info_is_version_1_with_nothing_behind() {
    let info = |version: u8, rest: &[u8]| {
        seq(&[
            &[2, 1, version],
            &oid("1.2.3"),
            &seq(&[&seq(&[&oid(SHA256)]), &tlv(4, &[9; 32])]),
            &[2, 1, 5],
            &tlv(tag::GENERALIZED_TIME, b"20191211084017.75Z"),
            rest,
        ])
    };
    let read = tst::read(&info(1, &[2, 1, 3]), 0).unwrap();
    assert_eq!(rfc3339(read.generated_at), "2019-12-11T08:40:17.75Z");
    assert_eq!((read.imprint, read.serial), (vec![9; 32], vec![5]));
    assert!(tst::read(&info(2, &[]), 0).is_err());
    assert!(tst::read(&info(1, &[4, 0]), 0).is_err());
}
