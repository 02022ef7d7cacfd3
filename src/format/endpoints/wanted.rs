//! Which files are scanned.

use crate::format::Sniff;

/// First bytes of what is executed or read by what is: PE, ELF, Mach-O of either order and width, scripts, DEX, WebAssembly,
/// binary property lists.
const MAGICS: &[&[u8]] = &[
    b"MZ",
    b"\x7fELF",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe\x00\x00\x00",
    b"#!",
    b"dex\n",
    b"\0asm",
    b"bplist00",
];

/// Endings of configuration and scripts.
const EXTENSIONS: &[&str] = &[
    "application",
    "appinstaller",
    "bat",
    "cfg",
    "cjs",
    "cmd",
    "conf",
    "config",
    "inf",
    "ini",
    "js",
    "json",
    "list",
    "lua",
    "manifest",
    "mjs",
    "mof",
    "plist",
    "properties",
    "ps1",
    "psd1",
    "psm1",
    "reg",
    "repo",
    "sh",
    "sources",
    "toml",
    "url",
    "vbs",
    "wsf",
    "xml",
    "yaml",
    "yml",
];

/// Names of scripts that have no ending: those that package managers run.
const NAMES: &[&str] = &["preinst", "postinst", "prerm", "postrm"];

/// Whether a file is of a kind whose addresses matter: executables, scripts and configuration. Containers are not: their members
/// are files of their own.
pub fn wanted(sniff: &Sniff<'_>) -> bool {
    let name = sniff.name.rsplit(['/', '\\']).next().unwrap_or_default();
    MAGICS.iter().any(|magic| sniff.head.starts_with(magic))
        || sniff.has_extension(EXTENSIONS)
        || NAMES.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::wanted;
    use crate::format::Sniff;

    #[test]
    fn executables_scripts_and_configuration_are_wanted_and_archives_are_not() {
        let sniff = |head: &[u8], name: &str| {
            let blob = head.to_vec();
            wanted(&Sniff {
                head,
                name,
                blob: &blob,
            })
        };
        assert!(sniff(b"MZ\x90", "a"));
        assert!(sniff(b"x", "resources/app-update.YML"));
        assert!(sniff(b"#!/bin/sh", "postinst"));
        assert!(!sniff(b"PK\x03\x04", "a.zip"));
        assert!(!sniff(b"\x89PNG", "a.png"));
        assert!(!sniff(b"", ""));
    }
}
