//! Host names without a scheme. A dotted word is a host only where something else says so: a label that names a service
//! (`update.`, `api.`, `dnl-01.`), or a setting whose key names one. Everything else is file names, packages and methods.

use super::classify;
use super::host;
use crate::model::endpoint::Host;

/// Longest host looked at, with room for what is read around it.
pub(super) const MAX_HOST: usize = 253;
/// Bytes before a host in which the key of a setting may stand.
pub(super) const MAX_KEY: usize = 48;

/// Words of keys whose values are hosts.
const KEYS: &[&str] = &[
    "host", "server", "domain", "endpoint", "feed", "mirror", "update", "upstream",
];

/// Generic domains under which a service's label is enough; the newer ones are words of source code.
const PLAIN: &[&str] = &[
    "com", "net", "org", "edu", "gov", "io", "cloud", "biz", "xyz",
];

/// A host in a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// Index of its first character in the run.
    pub(super) start: usize,
    /// Index after its last one.
    pub(super) end: usize,
    pub(super) host: Host,
}

fn is_part(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_')
}

/// Where the dotted word that has `dot` in it ends.
pub(super) fn end(run: &[u8], dot: usize) -> usize {
    let after = run.get(dot..).unwrap_or_default();
    let far = after.get(..MAX_HOST).unwrap_or(after);
    let right = far.iter().position(|b| !is_part(b)).unwrap_or(far.len());
    dot.saturating_add(right)
}

/// Where it starts.
fn start(run: &[u8], dot: usize) -> usize {
    let near = run
        .get(dot.saturating_sub(MAX_HOST)..dot)
        .unwrap_or_default();
    let left = near
        .iter()
        .rposition(|b| !is_part(b))
        .map_or(near.len(), |i| {
            near.len().saturating_sub(i).saturating_sub(1)
        });
    dot.saturating_sub(left)
}

/// The word that has `dot` in it and ends at `end`, as a host.
pub(super) fn read(run: &[u8], dot: usize, end: usize) -> Option<Found> {
    let after = run.get(end).copied();
    if !ends_a_value(after) {
        return None;
    }
    let start = start(run, dot);
    let before = start.checked_sub(1).and_then(|i| run.get(i)).copied();
    if !starts_a_value(before) {
        return None;
    }
    let text = std::str::from_utf8(run.get(start..end)?).ok()?;
    let setting = is_setting(run.get(start.saturating_sub(MAX_KEY)..start)?, after);
    let labels = text.split('.').count();
    if !setting && (labels < 3 || !is_service(text)) {
        return None;
    }
    let host = host::alone(text, setting)?;
    Some(Found { start, end, host })
}

/// A label before the registered name names a service, under a domain that is not also a word of source code.
fn is_service(text: &str) -> bool {
    let mut labels: Vec<&str> = text.split('.').collect();
    let top = labels.pop().unwrap_or_default();
    let second = labels.pop().unwrap_or_default();
    let top_is_plain = PLAIN.contains(&top) || (top.len() == 2 && second.len() >= 2);
    // Variables of compressed scripts have one or two letters.
    let registered = second.len() >= 3
        || labels
            .last()
            .is_some_and(|l| l.len() >= 3 && labels.len() >= 2);
    top_is_plain && registered && labels.iter().any(|l| classify::label(l).is_some())
}

fn starts_a_value(before: Option<u8>) -> bool {
    match before {
        None => true,
        Some(b) => {
            b <= b' '
                || matches!(
                    b,
                    b'"' | b'\'' | b'`' | b'=' | b':' | b'>' | b',' | b';' | b'|'
                )
        }
    }
}

fn ends_a_value(after: Option<u8>) -> bool {
    match after {
        None => true,
        Some(b) => b <= b' ' || matches!(b, b'"' | b'\'' | b'`' | b':' | b'<' | b',' | b'/' | b'|'),
    }
}

/// What stands before is `key =`, `"key": "` or `<key>`, and the value ends its line, quotes or element.
fn is_setting(lead: &[u8], after: Option<u8>) -> bool {
    let quoted = matches!(lead.last(), Some(b'"' | b'\''));
    let ends = matches!(
        after,
        None | Some(b'\0' | b'\r' | b'\n' | b'<' | b'"' | b'\'')
    );
    if !ends || (quoted && !matches!(after, Some(b'"' | b'\''))) {
        return false;
    }
    let is_space = |b: u8| matches!(b, b' ' | b'\t');
    let lead = trim_end(lead, |b| is_space(b) || matches!(b, b'"' | b'\''));
    let Some((b'=' | b':' | b'>', lead)) = lead.split_last() else {
        return false;
    };
    let lead = trim_end(lead, |b| is_space(b) || matches!(b, b'"' | b'\''));
    let key: Vec<u8> = lead
        .iter()
        .rev()
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'))
        .map(u8::to_ascii_lowercase)
        .collect();
    let key: String = key.iter().rev().map(|b| char::from(*b)).collect();
    KEYS.iter().any(|word| key.contains(word))
}

fn trim_end(text: &[u8], is: impl Fn(u8) -> bool) -> &[u8] {
    let kept = text
        .iter()
        .rposition(|b| !is(*b))
        .map_or(0, |i| i.saturating_add(1));
    text.get(..kept).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{end, read};

    fn find(text: &str) -> Option<String> {
        let dot = text.find('.')?;
        read(text.as_bytes(), dot, end(text.as_bytes(), dot)).map(|f| f.host.to_string())
    }

    #[test]
    fn a_host_alone_needs_a_service_label_or_a_setting() {
        for good in [
            "\0update.vendor.com\0",
            "\"dnl-01.geo.vendor.com\"",
            " s00.upd.vendor.com,",
            "api.vendor.co.uk",
        ] {
            assert!(find(good).is_some(), "{good}");
        }
        for bad in [
            "\0www.vendor.com\0",
            "vendor.com",
            "mail@update.vendor.com",
            "/update.vendor.com/",
            "C:\\update.vendor.com",
            "System.Net.Update",
            "com.vendor.update",
            "t.update.cn;",
            "e.api.io(",
            "update.vendor.dll",
            "libupdate.vendor.so",
        ] {
            assert_eq!(find(bad), None, "{bad}");
        }
        for setting in [
            "Server=vendor.com\n",
            "\"host\": \"vendor.ru\"",
            "<host>vendor.com<",
            "update_host: vendor.io\n",
        ] {
            assert!(find(setting).is_some(), "{setting}");
        }
        for code in [
            "host:e.id}",
            "server: t.me,",
            "title: vendor.com\n",
            "\"host\": \"vendor.com",
        ] {
            assert_eq!(find(code), None, "{code}");
        }
    }
}
