//! Names that do harm when a program unpacks them.

use crate::base::text::is_unsafe;

/// Longer than any path that Linux takes (PATH_MAX is 4,096 bytes) is an attack; Windows and real packages stay far below this.
const MAX_PATH: usize = 1024;

/// Names that Windows gives to devices in every folder, whatever the extension (Naming Files, Paths, and Namespaces).
const DEVICES: [&str; 6] = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"];
/// … and those that a digit completes.
const NUMBERED: [&str; 2] = ["COM", "LPT"];

/// Why a name is not safe to unpack.
pub(super) fn hazard(path: &str, posix: bool) -> Option<&'static str> {
    if path.is_empty() {
        return Some("empty");
    }
    if path.len() > MAX_PATH {
        return Some("longer than 1,024 bytes");
    }
    if path.contains('\0') {
        return Some("holds a NUL");
    }
    if path.chars().any(is_unsafe) {
        return Some("holds control or invisible characters");
    }
    if path.starts_with('/') {
        return Some("absolute");
    }
    if posix {
        return path
            .split('/')
            .any(|part| part == "..")
            .then_some("climbs out of its folder");
    }
    windows(path)
}

fn windows(path: &str) -> Option<&'static str> {
    let is_separator = |c| c == '/' || c == '\\';
    if path.starts_with('\\') {
        return Some("absolute");
    }
    if path.contains(':') {
        return Some("names a drive or a stream");
    }
    let parts = || {
        path.strip_suffix(is_separator)
            .unwrap_or(path)
            .split(is_separator)
    };
    if parts().any(|part| part == "..") {
        return Some("climbs out of its folder");
    }
    // APPNOTE 4.4.17.1: all slashes are forward slashes.
    if path.contains('\\') {
        return Some("holds a backslash");
    }
    if parts().any(|part| part.is_empty() || part == ".") {
        return Some("has empty or dot parts");
    }
    if parts().any(is_device) {
        return Some("names a device of Windows");
    }
    parts()
        .any(|part| part.ends_with(['.', ' ']))
        .then_some("ends in a dot or a space, which Windows drops")
}

fn is_device(part: &str) -> bool {
    let stem = part
        .split('.')
        .next()
        .unwrap_or(part)
        .trim_end()
        .to_ascii_uppercase();
    DEVICES.contains(&stem.as_str())
        || NUMBERED.iter().any(|device| {
            stem.strip_prefix(device).is_some_and(|rest| {
                let mut rest = rest.chars();
                // Windows takes the superscripts for digits too.
                matches!(
                    (rest.next(), rest.next()),
                    (Some('1'..='9' | '¹' | '²' | '³'), None)
                )
            })
        })
}
