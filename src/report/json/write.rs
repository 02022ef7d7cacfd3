//! Writes JSON that is safe on a terminal: every character that moves a cursor, reorders text or cannot be seen is
//! written as `\uXXXX`. Readers get the same strings back; letters of every script stay as they are.

use std::io;

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter, Serializer};

use crate::base::text::is_unsafe;

/// Writes `value` on one line, without a line feed after it.
///
/// # Errors
/// What `out` says.
pub fn compact(value: &impl Serialize, out: &mut dyn io::Write) -> io::Result<()> {
    write(value, out, CompactFormatter)
}

/// Writes `value` indented by two spaces, without a line feed after it.
///
/// # Errors
/// What `out` says.
pub fn pretty(value: &impl Serialize, out: &mut dyn io::Write) -> io::Result<()> {
    write(value, out, PrettyFormatter::new())
}

fn write(
    value: &impl Serialize,
    out: &mut dyn io::Write,
    format: impl Formatter,
) -> io::Result<()> {
    let mut serializer = Serializer::with_formatter(out, Safe(format));
    value.serialize(&mut serializer).map_err(io::Error::from)
}

struct Safe<F>(F);

macro_rules! delegate {
    ($($method:ident($($arg:ident: $kind:ty),*);)+) => {
        $(fn $method<W: ?Sized + io::Write>(&mut self, writer: &mut W $(, $arg: $kind)*) -> io::Result<()> {
            self.0.$method(writer $(, $arg)*)
        })+
    };
}

impl<F: Formatter> Formatter for Safe<F> {
    delegate! {
        begin_array();
        end_array();
        begin_array_value(first: bool);
        end_array_value();
        begin_object();
        end_object();
        begin_object_key(first: bool);
        end_object_key();
        begin_object_value();
        end_object_value();
    }

    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        // Most strings; serde_json has already escaped what lies below the space.
        if fragment.bytes().all(|b| matches!(b, b' '..=b'~')) {
            return writer.write_all(fragment.as_bytes());
        }
        let mut rest = fragment;
        while let Some((at, c)) = rest.char_indices().find(|(_, c)| is_unsafe(*c)) {
            let (safe, tail) = rest.split_at(at);
            writer.write_all(safe.as_bytes())?;
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{unit:04x}")?;
            }
            rest = tail.get(c.len_utf8()..).unwrap_or_default();
        }
        writer.write_all(rest.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::{compact, pretty};
    use crate::base::text::is_unsafe;
    use std::collections::BTreeMap;

    #[test]
    fn nothing_unsafe_is_written_raw_and_every_string_reads_back() {
        let hostile = "\u{0}\u{1b}[2J\r\n\u{7f}\u{9b}\u{202e}\u{200b}\u{2028}\u{feff}\u{e0041}\"\\/ АО 華為 é";
        let value = BTreeMap::from([(hostile.to_owned(), hostile.to_owned())]);
        for write in [compact, pretty] {
            let mut out = Vec::new();
            write(&value, &mut out).unwrap();
            let text = String::from_utf8(out).unwrap();
            assert!(!text.chars().any(|c| c != '\n' && is_unsafe(c)), "{text:?}");
            assert!(text.contains("АО 華為 é"), "letters stay readable");
            assert_eq!(
                serde_json::from_str::<BTreeMap<String, String>>(&text).unwrap(),
                value
            );
        }
    }

    #[test]
    fn pretty_layout_is_the_usual_one() {
        let value = serde_json::json!({"a": [1, {"b": null}], "c": []});
        let mut out = Vec::new();
        pretty(&value, &mut out).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            serde_json::to_string_pretty(&value).unwrap()
        );
    }
}
