//! The string table of an NSIS header. Variables, shell folders and language strings are written as in a script.

use crate::format::fields::Fields;

/// Longer strings are cut by NSIS itself.
const MAX_UNITS: usize = 8192;

/// Codes of NSIS 3, which start at 1.
const V3: Codes = Codes {
    lang: 1,
    shell: 2,
    var: 3,
    skip: 4,
};
/// Codes of NSIS 2.
const V2: Codes = Codes {
    lang: 255,
    shell: 254,
    var: 253,
    skip: 252,
};
/// Codes of the Unicode builds of NSIS 2.
const V2_UNICODE: Codes = Codes {
    lang: 0xe003,
    shell: 0xe002,
    var: 0xe001,
    skip: 0xe000,
};

#[derive(Debug, Clone, Copy)]
struct Codes {
    lang: u16,
    shell: u16,
    var: u16,
    skip: u16,
}

pub(super) struct Strings<'a> {
    bytes: &'a [u8],
    unicode: bool,
    codes: Codes,
}

impl<'a> Strings<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        // The first string is empty: one zero, or two where units have two bytes.
        let unicode = bytes.starts_with(&[0, 0]);
        let codes = if unicode {
            let (units, _) = bytes.as_chunks::<2>();
            let private = units
                .iter()
                .any(|unit| (0xe000..=0xe003).contains(&u16::from_le_bytes(*unit)));
            if private { V2_UNICODE } else { V3 }
        } else {
            let coded = |code: u16| {
                let pairs = bytes.windows(2);
                pairs
                    .filter(
                        |pair| matches!(pair, [c, next] if u16::from(*c) == code && *next >= 0x80),
                    )
                    .count()
            };
            if coded(V3.var) >= coded(V2.var) {
                V3
            } else {
                V2
            }
        };
        Self {
            bytes,
            unicode,
            codes,
        }
    }

    /// Whether a string can start at `offset`.
    pub(super) fn is_start(&self, offset: u32) -> bool {
        let Ok(at) = usize::try_from(offset) else {
            return false;
        };
        let width = if self.unicode { 2 } else { 1 };
        let before = at.checked_mul(width).and_then(|at| at.checked_sub(width));
        before.is_some_and(|at| self.unit(&mut Fields::starting(self.bytes, at)) == Some(0))
    }

    /// The string at `offset`, in units.
    pub(super) fn text(&self, offset: u32) -> Option<String> {
        let width = if self.unicode { 2 } else { 1 };
        let at = usize::try_from(offset).ok()?.checked_mul(width)?;
        let fields = &mut Fields::starting(self.bytes, at);
        let mut text = String::new();
        let mut plain = Vec::new();
        for _ in 0..MAX_UNITS {
            let unit = self.unit(fields)?;
            let codes = self.codes;
            let special = if unit == 0 {
                break;
            } else if unit == codes.skip {
                plain.push(self.unit(fields)?);
                continue;
            } else if unit == codes.var {
                variable(self.index(fields)?)
            } else if unit == codes.shell {
                shell(self.pair(fields)?)
            } else if unit == codes.lang {
                format!("$(LSTR_{})", self.index(fields)?)
            } else {
                plain.push(unit);
                continue;
            };
            text.push_str(&self.decode(&std::mem::take(&mut plain)));
            text.push_str(&special);
        }
        text.push_str(&self.decode(&plain));
        Some(text)
    }

    /// Strings of ANSI builds are in a code page that nothing names; bytes above ASCII are shown as Latin-1.
    fn decode(&self, units: &[u16]) -> String {
        if self.unicode {
            return String::from_utf16_lossy(units);
        }
        units
            .iter()
            .filter_map(|unit| char::from_u32(u32::from(*unit)))
            .collect()
    }

    fn unit(&self, fields: &mut Fields<'_>) -> Option<u16> {
        if self.unicode {
            fields.u16()
        } else {
            fields.u8().map(u16::from)
        }
    }

    /// Two bytes behind a code.
    fn pair(&self, fields: &mut Fields<'_>) -> Option<[u8; 2]> {
        fields.array()
    }

    /// A number in the low seven bits of each.
    fn index(&self, fields: &mut Fields<'_>) -> Option<u16> {
        let [low, high] = self.pair(fields)?;
        Some(u16::from(low & 0x7f) | (u16::from(high & 0x7f) << 7))
    }
}

fn variable(index: u16) -> String {
    const NAMED: &[&str] = &[
        "$CMDLINE",
        "$INSTDIR",
        "$OUTDIR",
        "$EXEDIR",
        "$LANGUAGE",
        "$TEMP",
        "$PLUGINSDIR",
        "$EXEPATH",
        "$EXEFILE",
        "$HWNDPARENT",
        "$_CLICK",
        "$_OUTDIR",
    ];
    match index {
        0..10 => format!("${index}"),
        10..20 => format!("$R{}", index.saturating_sub(10)),
        _ => match NAMED.get(usize::from(index.saturating_sub(20))) {
            Some(name) => (*name).to_owned(),
            None => format!("$_{index}_"),
        },
    }
}

/// A folder by its CSIDL; with the high bit, by a value of the registry whose name is the same for both halves.
fn shell([user, all]: [u8; 2]) -> String {
    let name = match if user & 0x80 != 0 { 0x26 } else { user } {
        0x02 => "$SMPROGRAMS",
        0x05 => "$DOCUMENTS",
        0x07 => "$SMSTARTUP",
        0x0b => "$STARTMENU",
        0x10 => "$DESKTOP",
        0x14 => "$FONTS",
        0x1a => "$APPDATA",
        0x1c => "$LOCALAPPDATA",
        0x24 => "$WINDIR",
        0x25 => "$SYSDIR",
        0x26 if user & 0x40 != 0 => "$PROGRAMFILES64",
        0x26 => "$PROGRAMFILES",
        0x28 => "$PROFILE",
        0x2b => "$COMMONFILES",
        other => return format!("$SHELL_{other}_{all}"),
    };
    name.to_owned()
}
