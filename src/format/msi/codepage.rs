//! Text in the code page that a database or a property set names.

/// Windows-1252 from 0x80 to 0x9f (Unicode, best fit table); zero where it has nothing.
const WESTERN: [u16; 32] = [
    0x20ac, 0, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039,
    0x0152, 0, 0x017d, 0, 0, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc,
    0x2122, 0x0161, 0x203a, 0x0153, 0, 0x017e, 0x0178,
];
/// Windows-1251 from 0x80 to 0xbf.
const CYRILLIC: [u16; 64] = [
    0x0402, 0x0403, 0x201a, 0x0453, 0x201e, 0x2026, 0x2020, 0x2021, 0x20ac, 0x2030, 0x0409, 0x2039,
    0x040a, 0x040c, 0x040b, 0x040f, 0x0452, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
    0, 0x2122, 0x0459, 0x203a, 0x045a, 0x045c, 0x045b, 0x045f, 0x00a0, 0x040e, 0x045e, 0x0408,
    0x00a4, 0x0490, 0x00a6, 0x00a7, 0x0401, 0x00a9, 0x0404, 0x00ab, 0x00ac, 0x00ad, 0x00ae, 0x0407,
    0x00b0, 0x00b1, 0x0406, 0x0456, 0x0491, 0x00b5, 0x00b6, 0x00b7, 0x0451, 0x2116, 0x0454, 0x00bb,
    0x0458, 0x0405, 0x0455, 0x0457,
];

/// Decodes `bytes`; of code pages not known here, all but ASCII becomes U+FFFD.
pub(in crate::format) fn decode(bytes: &[u8], page: u16) -> String {
    // 0 is "neutral"; writers put UTF-8 into any of them.
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_owned();
    }
    bytes.iter().map(|byte| letter(*byte, page)).collect()
}

fn letter(byte: u8, page: u16) -> char {
    let high = usize::from(byte.saturating_sub(0x80));
    let code = match (page, byte) {
        (_, ..0x80) => Some(u32::from(byte)),
        (1251, 0xc0..) => Some(u32::from(byte).saturating_sub(0xc0).saturating_add(0x0410)),
        (1251, _) => CYRILLIC.get(high).copied().map(u32::from),
        (1252, ..0xa0) => WESTERN.get(high).copied().map(u32::from),
        (1252 | 28591, _) => Some(u32::from(byte)),
        _ => None,
    };
    code.filter(|code| *code != 0 || byte == 0)
        .and_then(char::from_u32)
        .unwrap_or(char::REPLACEMENT_CHARACTER)
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn names_are_read_in_their_code_page_and_never_guessed() {
        assert_eq!(decode(b"M\xfcller \x80", 1252), "M\u{fc}ller \u{20ac}");
        assert_eq!(
            decode(b"\xcb\xe0\xe1 \xa8", 1251),
            "\u{41b}\u{430}\u{431} \u{401}"
        );
        assert_eq!(decode("\u{41b}".as_bytes(), 1252), "\u{41b}");
        assert_eq!(decode(b"a\xcb", 932), "a\u{fffd}");
    }
}
