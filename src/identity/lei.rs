//! Legal Entity Identifiers (ISO 17442): twenty characters, the last two check digits by ISO/IEC 7064 MOD 97-10.

use crate::base::der::{Reader, tag};

/// The code is well formed and its check digits hold.
pub fn is_valid(code: &str) -> bool {
    let shape = code.len() == 20
        && code
            .bytes()
            .all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
        && code.bytes().skip(18).all(|b| b.is_ascii_digit());
    shape && remainder(code) == Some(1)
}

/// The number that the letters spell (A is 10 … Z is 35), modulo 97.
fn remainder(code: &str) -> Option<u32> {
    code.chars().try_fold(0u32, |rest, c| {
        let digit = c.to_digit(36)?;
        let shift = if digit < 10 { 10 } else { 100 };
        rest.checked_mul(shift)?.checked_add(digit).map(|n| n % 97)
    })
}

/// The code in an LEI extension: SEQUENCE { PrintableString, role … }, or the bare string.
pub(super) fn from_extension(value: &[u8]) -> Option<String> {
    let outer = Reader::der(value).any().ok()?;
    let string = if outer.tag == tag::SEQUENCE {
        outer.reader().any().ok()?
    } else {
        outer
    };
    if !matches!(string.tag, tag::PRINTABLE_STRING | tag::UTF8_STRING) {
        return None;
    }
    std::str::from_utf8(string.value)
        .ok()
        .map(str::to_ascii_uppercase)
}

#[cfg(test)]
mod tests {
    use super::is_valid;

    #[test]
    fn one_changed_character_breaks_the_check() {
        // GLEIF's own example in ISO 17442, and Apple's.
        for good in ["506700GE1G29325QX363", "HWUPKR0MPOU8FGXBT394"] {
            assert!(is_valid(good), "{good}");
            for i in 0..20 {
                let mut bytes = good.as_bytes().to_vec();
                bytes[i] = if bytes[i] == b'7' { b'8' } else { b'7' };
                assert!(!is_valid(std::str::from_utf8(&bytes).unwrap()), "{i}");
            }
        }
        for bad in [
            "",
            "506700GE1G29325QX36",
            "506700ge1g29325qx363",
            "506700GE1G29325QXÄ",
        ] {
            assert!(!is_valid(bad));
        }
    }
}
