//! ASN.1 INTEGER as keys and signatures carry it: positive and minimal, or refused.

use crate::base::der::{Error, Reader, Tlv, tag};

/// The magnitude of a positive INTEGER in its shortest form (X.690 section 8.3.2), without the sign octet.
pub(super) fn positive<'a>(tlv: &Tlv<'a>) -> Result<&'a [u8], Error> {
    match (tlv.tag, tlv.value) {
        (tag::INTEGER, [0, rest @ ..]) if rest.first().is_some_and(|b| *b >= 0x80) => Ok(rest),
        (tag::INTEGER, bytes @ [first, ..]) if (1..0x80).contains(first) => Ok(bytes),
        _ => Err(tlv.error("expected a positive INTEGER in shortest form")),
    }
}

/// Reads the next value as [`positive`].
pub(super) fn next<'a>(reader: &mut Reader<'a>) -> Result<&'a [u8], Error> {
    let tlv = reader.any()?;
    positive(&tlv)
}

/// `SEQUENCE { r INTEGER, s INTEGER }`, the signature value of DSA and ECDSA (RFC 3279 sections 2.2.2 and 2.2.3), and
/// nothing after it.
pub(super) fn signature_pair(signature: &[u8]) -> Result<(&[u8], &[u8]), Error> {
    let mut outer = Reader::der(signature);
    let sequence = outer.expect(tag::SEQUENCE, "expected a signature SEQUENCE")?;
    outer.finish()?;
    let mut inner = sequence.reader();
    let pair = (next(&mut inner)?, next(&mut inner)?);
    inner.finish()?;
    Ok(pair)
}

/// Length in bits of a magnitude without leading zero octets.
pub(super) fn bits(magnitude: &[u8]) -> usize {
    let whole = magnitude.len().saturating_mul(8);
    let zeros = magnitude.first().map_or(0, |b| b.leading_zeros());
    whole.saturating_sub(usize::try_from(zeros).unwrap_or(0))
}

/// Pads a magnitude with leading zeros to `N` octets; `None` where it is longer.
pub(super) fn padded<const N: usize>(magnitude: &[u8]) -> Option<[u8; N]> {
    let mut out = [0; N];
    let start = N.checked_sub(magnitude.len())?;
    out.get_mut(start..)?.copy_from_slice(magnitude);
    Some(out)
}

/// The value where it fits 64 bits.
pub(super) fn small(magnitude: &[u8]) -> Option<u64> {
    padded::<8>(magnitude).map(u64::from_be_bytes)
}

#[cfg(test)]
mod tests {
    use super::{bits, padded, signature_pair, small};

    #[test]
    fn only_one_encoding_of_a_pair_is_read() {
        let good = [0x30, 7, 2, 1, 5, 2, 2, 0, 0x80];
        assert_eq!(signature_pair(&good).unwrap(), (&[5][..], &[0x80][..]));
        for bad in [
            &[0x30, 8, 2, 2, 0, 5, 2, 2, 0, 0x80][..],
            &[0x30, 6, 2, 1, 5, 2, 1, 0x80],
            &[0x30, 6, 2, 1, 5, 2, 1, 0],
            &[0x30, 6, 2, 1, 5, 2, 1, 1, 0],
            &[0x30, 8, 2, 1, 5, 2, 1, 1, 5, 0],
            &[0x30, 0x81, 6, 2, 1, 5, 2, 1, 1],
            &[0x30, 3, 2, 1, 5],
            &[],
        ] {
            assert!(signature_pair(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn magnitudes_keep_their_value() {
        assert_eq!(bits(&[1, 0, 1]), 17);
        assert_eq!(bits(&[0x80]), 8);
        assert_eq!(bits(&[]), 0);
        assert_eq!(small(&[1, 0, 1]), Some(65537));
        assert_eq!(small(&[1; 9]), None);
        assert_eq!(padded::<4>(&[7, 8]), Some([0, 0, 7, 8]));
    }
}
