//! Names of entries, as readers decode them.

use crate::format::zip::central::field;
use crate::format::zip::field::u32_at;

/// Bit 11: the name is UTF-8 (APPNOTE 4.4.4).
pub(super) const UTF_8: u16 = 1 << 11;

/// The upper half of code page 437, which names without bit 11 are in (APPNOTE, appendix D.1).
const CP437: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";

/// UTF-8 where it is said or happens to be, as most writers do without saying; code page 437 otherwise.
pub(super) fn decode(raw: &[u8], flags: u16) -> String {
    match std::str::from_utf8(raw) {
        Ok(name) => name.to_owned(),
        Err(_) if flags & UTF_8 != 0 => String::from_utf8_lossy(raw).into_owned(),
        Err(_) => raw.iter().map(|byte| cp437(*byte)).collect(),
    }
}

fn cp437(byte: u8) -> char {
    match byte.checked_sub(0x80) {
        None => char::from(byte),
        Some(high) => CP437
            .chars()
            .nth(high.into())
            .unwrap_or(char::REPLACEMENT_CHARACTER),
    }
}

/// Another name in the Info-ZIP Unicode path extra field, made for this very name (APPNOTE 4.6.9).
pub(super) fn unicode_path(extra: &[u8], raw: &[u8]) -> Option<String> {
    let data = field(extra, 0x7075).filter(|data| data.first() == Some(&1))?;
    let mut crc = flate2::Crc::new();
    crc.update(raw);
    let name = data.get(5..).filter(|name| *name != raw)?;
    (u32_at(data, 1)? == crc.sum()).then(|| String::from_utf8_lossy(name).into_owned())
}
