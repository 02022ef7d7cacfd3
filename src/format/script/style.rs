//! How a block is written in each kind of script, and which bytes stand for a subject interface package.

use crate::model::extract::ContentRule;

/// How a kind of script carries its signature.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Style {
    /// For people.
    pub(super) name: &'static str,
    /// The line that begins a block.
    pub(super) begin: &'static str,
    /// The line that ends it.
    pub(super) end: &'static str,
    /// What stands before the base64 of a line.
    pub(super) prefix: &'static str,
    /// What stands after it.
    pub(super) suffix: &'static str,
    /// Read as UTF-8 where no byte order mark says otherwise; else as Windows-1252.
    pub(super) utf8: bool,
    /// Hashed as Windows Script Host's kinds are: without byte order mark, with a length at the end.
    pub(super) host: bool,
    /// Text after the block is a part of what is hashed.
    pub(super) encloses: bool,
    pub(super) rule: &'static ContentRule,
}

const INDIRECT_DATA: &str = "1.3.6.1.4.1.311.2.1.4";
const SIP_INFO: &[&str] = &["1.3.6.1.4.1.311.2.1.30"];

const fn rule(sips: &'static [[u8; 16]]) -> ContentRule {
    ContentRule {
        scheme: "authenticode",
        content_type: INDIRECT_DATA,
        data_types: SIP_INFO,
        sips,
    }
}

/// 603BCC1F-4B59-4E08-B724-D2C6297EF351.
static POWERSHELL: ContentRule = rule(&[[
    0x1f, 0xcc, 0x3b, 0x60, 0x59, 0x4b, 0x08, 0x4e, 0xb7, 0x24, 0xd2, 0xc6, 0x29, 0x7e, 0xf3, 0x51,
]]);
/// 06C9E010-38CE-11D4-A2A3-00104BD35090.
static JSCRIPT: ContentRule = rule(&[[
    0x10, 0xe0, 0xc9, 0x06, 0xce, 0x38, 0xd4, 0x11, 0xa2, 0xa3, 0x00, 0x10, 0x4b, 0xd3, 0x50, 0x90,
]]);
/// 1629F04E-2799-4DB5-8FE5-ACE10F17EBAB.
static VBSCRIPT: ContentRule = rule(&[[
    0x4e, 0xf0, 0x29, 0x16, 0x99, 0x27, 0xb5, 0x4d, 0x8f, 0xe5, 0xac, 0xe1, 0x0f, 0x17, 0xeb, 0xab,
]]);
/// 1A610570-38CE-11D4-A2A3-00104BD35090.
static SCRIPT_FILE: ContentRule = rule(&[[
    0x70, 0x05, 0x61, 0x1a, 0xce, 0x38, 0xd4, 0x11, 0xa2, 0xa3, 0x00, 0x10, 0x4b, 0xd3, 0x50, 0x90,
]]);

pub(super) static STYLES: &[Style] = &[
    Style {
        name: "PowerShell script",
        begin: "# SIG # Begin signature block",
        end: "# SIG # End signature block",
        prefix: "# ",
        suffix: "",
        utf8: true,
        host: false,
        encloses: false,
        rule: &POWERSHELL,
    },
    Style {
        name: "PowerShell XML",
        begin: "<!-- SIG # Begin signature block -->",
        end: "<!-- SIG # End signature block -->",
        prefix: "<!-- ",
        suffix: " -->",
        utf8: false,
        host: false,
        encloses: false,
        rule: &POWERSHELL,
    },
    Style {
        name: "Managed Object Format",
        begin: "/* SIG # Begin signature block */",
        end: "/* SIG # End signature block */",
        prefix: "/* ",
        suffix: " */",
        utf8: true,
        host: false,
        encloses: false,
        rule: &POWERSHELL,
    },
    Style {
        name: "JScript",
        begin: "// SIG // Begin signature block",
        end: "// SIG // End signature block",
        prefix: "// SIG // ",
        suffix: "",
        utf8: false,
        host: true,
        encloses: false,
        rule: &JSCRIPT,
    },
    Style {
        name: "VBScript",
        begin: "'' SIG '' Begin signature block",
        end: "'' SIG '' End signature block",
        prefix: "'' SIG '' ",
        suffix: "",
        utf8: false,
        host: true,
        encloses: false,
        rule: &VBSCRIPT,
    },
    Style {
        name: "Windows Script File",
        begin: "<signature>",
        end: "</signature>",
        prefix: "** SIG ** ",
        suffix: "",
        utf8: true,
        host: true,
        encloses: true,
        rule: &SCRIPT_FILE,
    },
];

/// What some line of every block has.
const MARKS: [&str; 4] = ["SIG # ", "// SIG // ", "'' SIG '' ", "** SIG ** "];

/// Whether such a line is among `bytes`, in an encoding of one or two bytes a character.
pub(super) fn has_mark(bytes: &[u8]) -> bool {
    MARKS.iter().any(|mark| {
        let narrow = mark.as_bytes();
        let wide: Vec<u8> = mark.bytes().flat_map(|b| [b, 0]).collect();
        // In big-endian text the zero of the first character stands before it.
        let has = |needle: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
        has(narrow) || has(wide.strip_suffix(&[0]).unwrap_or(&wide))
    })
}
