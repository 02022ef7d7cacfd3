//! Anchors of a page, for the HTML form of the simple API (PEP 503): a tokenizer for what its servers write, not for the web.

use std::collections::BTreeMap;

/// Anchors of one page; the largest projects have some tens of thousands of files.
const MAX_ANCHORS: usize = 200_000;
/// Attributes of one tag.
const MAX_ATTRIBUTES: usize = 64;

/// Longest character reference that is read, with its semicolon.
const MAX_REFERENCE: usize = 12;

/// One `<a>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Anchor {
    /// Attributes by name, in lower case.
    pub(super) attributes: BTreeMap<String, String>,
    /// Its text.
    pub(super) text: String,
}

/// A page's anchors, and the address that `<base>` gives.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Page {
    pub(super) base: Option<String>,
    pub(super) anchors: Vec<Anchor>,
}

/// Reads a page; `None` where it has more anchors than any real one.
pub(super) fn read(text: &str) -> Option<Page> {
    let mut page = Page::default();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once('<') {
        if let Some(comment) = after.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, behind)| behind);
            continue;
        }
        let (name, attributes, behind) = tag(after);
        rest = behind;
        match name.as_str() {
            "base" if page.base.is_none() => page.base = attributes.get("href").cloned(),
            "a" => {
                if page.anchors.len() >= MAX_ANCHORS {
                    return None;
                }
                let end = rest.find('<').unwrap_or(rest.len());
                let (text, behind) = rest.split_at_checked(end).unwrap_or((rest, ""));
                rest = behind;
                page.anchors.push(Anchor {
                    attributes,
                    text: unescaped(text.trim()),
                });
            }
            _ => {}
        }
    }
    Some(page)
}

/// Name and attributes of a tag whose `<` is read, and what follows its `>`.
fn tag(text: &str) -> (String, BTreeMap<String, String>, &str) {
    let end = text
        .find(|c: char| c.is_ascii_whitespace() || matches!(c, '>' | '/'))
        .unwrap_or(text.len());
    let (name, mut rest) = text.split_at_checked(end).unwrap_or((text, ""));
    let mut attributes = BTreeMap::new();
    while attributes.len() < MAX_ATTRIBUTES {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if rest.is_empty() || rest.starts_with('>') {
            break;
        }
        let end = rest
            .find(|c: char| c.is_ascii_whitespace() || matches!(c, '=' | '>' | '/'))
            .unwrap_or(rest.len());
        let (key, behind) = rest.split_at_checked(end.max(1)).unwrap_or((rest, ""));
        rest = behind.trim_start();
        let mut value = "";
        if let Some(behind) = rest.strip_prefix('=') {
            (value, rest) = attribute_value(behind.trim_start());
        }
        attributes
            .entry(key.to_ascii_lowercase())
            .or_insert_with(|| unescaped(value));
    }
    let behind = rest.split_once('>').map_or("", |(_, behind)| behind);
    (name.to_ascii_lowercase(), attributes, behind)
}

fn attribute_value(text: &str) -> (&str, &str) {
    for quote in ['"', '\''] {
        if let Some(inner) = text.strip_prefix(quote) {
            return inner.split_once(quote).unwrap_or((inner, ""));
        }
    }
    let end = text
        .find(|c: char| c.is_ascii_whitespace() || c == '>')
        .unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

/// Character references that occur in addresses and reasons; others stay as they are.
fn unescaped(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let end = after
            .char_indices()
            .take(MAX_REFERENCE)
            .find(|(_, c)| *c == ';')
            .map(|(at, _)| at);
        let reference = end.and_then(|end| {
            let (name, behind) = after.split_at_checked(end)?;
            Some((character(name)?, behind.get(1..)?))
        });
        match reference {
            Some((c, behind)) => {
                out.push(c);
                rest = behind;
            }
            None => {
                out.push('&');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

fn character(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn anchors_have_their_attributes_unescaped_and_comments_hide_them() {
        let page = read(
            "<!DOCTYPE html><html><head><base href='https://f.example/'></head><!-- <a href=\"no\">no</a> -->\
             <A HREF=\"../x.whl?a=1&amp;b=2#sha256=00\" data-yanked=\"it&#39;s &quot;bad&quot;\" data-requires-python='&gt;=3'>x.whl</A>\
             <a href=y.whl data-yanked>y.whl</a><a/>",
        )
        .unwrap();
        assert_eq!(page.base.as_deref(), Some("https://f.example/"));
        assert_eq!(page.anchors.len(), 3);
        let first = &page.anchors[0];
        assert_eq!(first.attributes["href"], "../x.whl?a=1&b=2#sha256=00");
        assert_eq!(first.attributes["data-yanked"], "it's \"bad\"");
        assert_eq!(first.text, "x.whl");
        assert_eq!(page.anchors[1].attributes["data-yanked"], "");
        assert_eq!(page.anchors[1].attributes["href"], "y.whl");
    }

    #[test]
    fn cut_and_broken_pages_end() {
        let whole = "<!-- c --><a href=\"x\" b='&#x41;' c=d / e>t&amp;</a><base href=q>";
        for cut in 0..whole.len() {
            read(&whole[..cut]).unwrap();
        }
        for odd in [
            "<",
            "<a",
            "<a =",
            "<a ='",
            "<a ==>",
            "<a \"\"\"",
            "&",
            "<a>&#xffffffff;",
            "<!--",
            "<a b=\"\u{20ac}\u{20ac}>",
        ] {
            read(odd).unwrap();
        }
        // Quadratic work would take minutes here.
        read(&"<a ".repeat(300_000)).unwrap();
        read(&"<!--".repeat(300_000)).unwrap();
        read(&"&".repeat(1_000_000)).unwrap();
    }
}
