//! The name of the document element from the start of a document alone.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::attributes::{Attributes, normalised};
use super::name;

/// Events before the document element that are looked at: a declaration, comments, instructions.
const MAX_EVENTS: usize = 64;

/// Local name and namespace of the document element, from the first octets of what may be a document; a cut at the end does
/// no harm. `None` where there is none to be seen. For telling kinds of files apart, nothing else.
pub fn peek(head: &[u8]) -> Option<(String, String)> {
    let text = characters(head)?;
    let mut reader = Reader::from_str(&text);
    for _ in 0..MAX_EVENTS {
        let (Event::Start(tag) | Event::Empty(tag)) = reader.read_event().ok()? else {
            continue;
        };
        let qname = tag.name();
        let (prefix, local) = name::split(qname.as_ref())?;
        let namespace = Attributes(tag.attributes_raw())
            .map_while(Result::ok)
            .find(|(key, _)| match prefix {
                "" => *key == "xmlns",
                _ => key.strip_prefix("xmlns:") == Some(prefix),
            })
            .and_then(|(_, literal)| normalised(literal).ok())
            .unwrap_or_default();
        return Some((local.to_owned(), namespace.into_owned()));
    }
    None
}

fn characters(head: &[u8]) -> Option<Cow<'_, str>> {
    let wide = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes.as_chunks::<2>().0.iter().map(|p| unit(*p)).collect();
        Cow::Owned(String::from_utf16_lossy(&units))
    };
    match head {
        [0xef, 0xbb, 0xbf, rest @ ..] => Some(String::from_utf8_lossy(rest)),
        [0xff, 0xfe, rest @ ..] => Some(wide(rest, u16::from_le_bytes)),
        [0xfe, 0xff, rest @ ..] => Some(wide(rest, u16::from_be_bytes)),
        [b'<', 0, ..] => Some(wide(head, u16::from_le_bytes)),
        [0, b'<', ..] => Some(wide(head, u16::from_be_bytes)),
        [b'<' | b' ' | b'\t' | b'\r' | b'\n', ..] => Some(String::from_utf8_lossy(head)),
        _ => None,
    }
}
