use super::blob::signature;

fn info(offset: u32, body: &[u8]) -> Vec<u8> {
    let mut out = u32::try_from(body.len()).unwrap().to_le_bytes().to_vec();
    out.extend(offset.to_le_bytes());
    out.extend([0; 28]);
    out.extend(body);
    out
}

#[test]
fn the_signature_is_found_with_and_without_its_wrapper() {
    let body = [0x30, 3, 2, 1, 1];
    let mut wrapped = 44u32.to_le_bytes().to_vec();
    wrapped.extend(8u32.to_le_bytes());
    wrapped.extend(info(0x2c, &body));
    assert_eq!(signature(&wrapped), Some(0x2c..0x31));
    assert_eq!(signature(&info(0x2c, &body)), Some(0x24..0x29));
    assert_eq!(signature(&info(0x24, &body)), Some(0x24..0x29));
}

#[test]
fn what_holds_no_signature_gives_none() {
    assert_eq!(signature(b""), None);
    assert_eq!(signature(&info(0x2c, b"text")), None);
    assert_eq!(signature(&info(u32::MAX, &[0x30; 4])), None);
    let mut long = info(0x24, &[0x30; 4]);
    long[..4].copy_from_slice(&u32::MAX.to_le_bytes());
    assert_eq!(signature(&long), None);
}
