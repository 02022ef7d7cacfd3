//! Base64 (RFC 4648 section 4) with white space anywhere, as PEM, XML (base64Binary) and scripts carry it.

/// The octets; `None` for anything that is not base64 or leaves bits over.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let mut octets = Vec::with_capacity(text.len().checked_div(4)?.checked_mul(3)?);
    let (mut held, mut bits) = (0u32, 0u32);
    let (mut digits, mut padding) = (0usize, 0usize);
    for byte in text.bytes().filter(|b| !b.is_ascii_whitespace()) {
        let value = match byte {
            b'A'..=b'Z' => byte.checked_sub(b'A')?,
            b'a'..=b'z' => byte.checked_sub(b'a')?.checked_add(26)?,
            b'0'..=b'9' => byte.checked_sub(b'0')?.checked_add(52)?,
            b'+' => 62,
            b'/' => 63,
            b'=' => {
                padding = padding.checked_add(1)?;
                continue;
            }
            _ => return None,
        };
        if padding > 0 {
            return None;
        }
        digits = digits.checked_add(1)?;
        held = (held << 6) | u32::from(value);
        bits = bits.checked_add(6)?;
        if bits >= 8 {
            bits = bits.checked_sub(8)?;
            octets.push(u8::try_from((held >> bits) & 0xff).ok()?);
        }
        held &= 0xff;
    }
    let left_over = held & (1u32.checked_shl(bits)?.checked_sub(1)?);
    let whole = digits.checked_add(padding)?.checked_rem(4)? == 0 && padding < 3;
    (whole && left_over == 0).then_some(octets)
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn there_is_one_encoding_of_octets_white_space_aside() {
        assert_eq!(decode("").unwrap(), b"");
        assert_eq!(decode(" Zm9v\r\nYmE= ").unwrap(), b"fooba");
        assert_eq!(decode("Zm9vYg==").unwrap(), b"foob");
        assert_eq!(decode("+/+/").unwrap(), [0xfb, 0xff, 0xbf]);
        for bad in [
            "Z", "Zg", "Zg=", "Zh==", "Zg==Zg==", "Zm9=", "====", "Zm9v-", "Zm9v====",
        ] {
            assert_eq!(decode(bad), None, "{bad}");
        }
    }
}
