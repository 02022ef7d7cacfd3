use super::{Error, read};

/// A v3 certificate with the given serial, subject RDN contents and extensions; its signature is a placeholder.
fn certificate(serial: &[u8], subject: &[u8], extensions: &[u8]) -> Vec<u8> {
    let algorithm = tlv(0x30, &tlv(0x06, &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2]));
    let validity = tlv(
        0x30,
        &[tlv(0x17, b"200101000000Z"), tlv(0x17, b"300101000000Z")].concat(),
    );
    let mut tbs = [
        tlv(0xa0, &[2, 1, 2]),
        tlv(0x02, serial),
        algorithm.clone(),
        tlv(0x30, &[]),
        validity,
        tlv(0x30, subject),
        tlv(0x30, &[]),
    ]
    .concat();
    if !extensions.is_empty() {
        tbs.extend(tlv(0xa3, &tlv(0x30, extensions)));
    }
    tlv(
        0x30,
        &[tlv(0x30, &tbs), algorithm, tlv(0x03, &[0, 0xaa])].concat(),
    )
}

fn tlv(tag: u8, value: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    match u8::try_from(value.len()) {
        Ok(len) if len < 0x80 => out.push(len),
        Ok(len) => out.extend([0x81, len]),
        Err(_) => {
            out.push(0x82);
            out.extend(u16::try_from(value.len()).unwrap().to_be_bytes());
        }
    }
    out.extend(value);
    out
}

fn extension(oid: &[u8], value: &[u8]) -> Vec<u8> {
    tlv(0x30, &[tlv(0x06, oid), tlv(0x04, value)].concat())
}

fn attribute(oid: &[u8], tag: u8, value: &[u8]) -> Vec<u8> {
    tlv(0x30, &[tlv(0x06, oid), tlv(tag, value)].concat())
}

#[test]
fn odd_serials_are_recorded_and_stop_nothing() {
    for (serial, oddity) in [
        (&[0][..], "serial zero"),
        (&[0x80], "negative serial"),
        (&[0, 1], "serial not minimal"),
        (&[1; 21], "serial over 20 octets"),
    ] {
        let read = read(&certificate(serial, &[], &[])).unwrap();
        assert_eq!(read.oddities, [oddity]);
        assert_eq!(read.serial, serial);
    }
    assert!(
        read(&certificate(&[1], &[], &[]))
            .unwrap()
            .oddities
            .is_empty()
    );
    assert!(read(&certificate(&[], &[], &[])).is_err());
}

#[test]
fn a_bad_string_never_fails_the_certificate() {
    let cn = [0x55, 4, 3];
    let subject = [
        tlv(0x31, &attribute(&cn, 0x0c, b"good")),
        tlv(0x31, &attribute(&cn, 0x1e, &[0, 0x41, 0x42])),
        tlv(0x31, &attribute(&cn, 0x0c, &[0xff])),
        tlv(0x31, &attribute(&cn, 0x0c, b"a\x1b[2J")),
    ]
    .concat();
    let read = read(&certificate(&[1], &subject, &[])).unwrap();
    let faults: Vec<usize> = read
        .subject
        .attributes
        .iter()
        .map(|a| a.faults.len())
        .collect();
    assert_eq!(faults, [0, 1, 1, 1]);
    assert_eq!(read.subject.attributes[0].value, "good");
    assert_eq!(read.subject.attributes[3].rdn, 3);
}

#[test]
fn a_duplicate_or_malformed_extension_is_listed_and_the_first_value_stands() {
    let key_usage = [0x55, 0x1d, 15];
    let extensions = [
        extension(&key_usage, &[3, 2, 2, 0b1000_0100]),
        extension(&key_usage, &[3, 2, 0, 0xff]),
        extension(&[0x55, 0x1d, 19], &[0x30, 0x03, 0x01, 0x01]),
        extension(&[0x55, 0x1d, 37], &[0x30, 0x00, 0x00]),
    ]
    .concat();
    let read = read(&certificate(&[1], &[], &extensions)).unwrap();
    assert_eq!(read.extensions.key_usage, Some(0b10_0001));
    assert_eq!(read.extensions.duplicates.len(), 1);
    assert_eq!(read.extensions.malformed.len(), 2);
    assert_eq!(read.extensions.all.len(), 4);
    assert_eq!(read.extensions.basic_constraints, None);
}

#[test]
fn anything_but_der_is_refused() {
    let good = certificate(&[1], &[], &[]);
    assert!(read(&good).is_ok());
    for cut in 0..good.len() {
        assert!(read(&good[..cut]).is_err(), "cut at {cut}");
    }
    let trailing = [good.clone(), vec![0]].concat();
    assert!(read(&trailing).is_err());
    let mut long_form = good.clone();
    long_form.splice(1..2, [0x81, good[1]]);
    assert!(read(&long_form).is_err());
    assert_eq!(
        read(&vec![0; super::MAX_LEN + 1]).unwrap_err(),
        Error::TooLong(super::MAX_LEN + 1)
    );
}

#[test]
fn nesting_ends_at_the_limit_without_recursion() {
    let mut deep = vec![];
    for _ in 0..2000 {
        deep = tlv(0x30, &deep);
    }
    assert!(read(&certificate(&[1], &deep, &[])).is_err());
}
