//! Files that run or hold other files and that no format here reads: named where they are met, so that they are not taken for data.

/// First bytes, and what such a file is.
static MAGICS: &[(&[u8], &str)] = &[
    (b"\x7fELF", "ELF executable"),
    (b"\xce\xfa\xed\xfe", "Mach-O executable"),
    (b"\xcf\xfa\xed\xfe", "Mach-O executable"),
    (b"\xfe\xed\xfa\xce", "Mach-O executable"),
    (b"\xfe\xed\xfa\xcf", "Mach-O executable"),
    (b"dex\n", "Android executable"),
    (b"xar!", "xar archive"),
    (b"Rar!\x1a\x07", "RAR archive"),
    (b"Cr24", "Chrome extension"),
    (b"hsqs", "SquashFS image"),
    (b"MSWIM\0\0\0", "Windows image"),
    (b"vhdxfile", "disk image"),
];

/// First bytes of a universal Mach-O, and of a Java class.
const FAT_OR_CLASS: &[u8] = b"\xca\xfe\xba\xbe";
/// A universal binary has a slice for each of a few architectures; a class file has its version there, 45 and above.
const MAX_SLICES: u8 = 30;

/// What a file that starts with `head` is, where it runs or holds files and no format reads it.
pub fn unexamined(head: &[u8]) -> Option<&'static str> {
    if head.starts_with(FAT_OR_CLASS) {
        return match head.get(4..8) {
            Some([0, 0, 0, slices]) if *slices <= MAX_SLICES => Some("universal Mach-O executable"),
            _ => None,
        };
    }
    let (_, what) = MAGICS.iter().find(|(magic, _)| head.starts_with(magic))?;
    Some(what)
}

#[cfg(test)]
mod tests {
    use super::unexamined;

    #[test]
    fn a_universal_binary_is_told_from_a_java_class() {
        assert!(unexamined(b"\xca\xfe\xba\xbe\0\0\0\x02").is_some());
        assert!(unexamined(b"\xca\xfe\xba\xbe\0\0\0\x34").is_none());
        assert_eq!(unexamined(b"\x7fELF\x02"), Some("ELF executable"));
        assert!(unexamined(b"").is_none() && unexamined(b"text").is_none());
    }
}
