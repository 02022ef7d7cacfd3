//! The inside of a start tag, by the grammar: `(S Attribute)* S?` (XML 1.0 section 3.1).

use std::borrow::Cow;

use super::{Fault, name};

/// Name and literal value of each attribute, as written. The iteration ends with the first fault.
pub(super) struct Attributes<'t>(pub(super) &'t str);

impl<'t> Iterator for Attributes<'t> {
    type Item = Result<(&'t str, &'t str), Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.0.trim_start_matches(name::is_space);
        if rest.is_empty() {
            return None;
        }
        let spaced = rest.len() < self.0.len();
        self.0 = "";
        if !spaced {
            return Some(Err(Fault::Malformed("no space between attributes")));
        }
        let pair = split(rest);
        if let Some((_, _, after)) = pair {
            self.0 = after;
        }
        Some(
            pair.map(|(key, value, _)| (key, value))
                .ok_or(Fault::Malformed("not an attribute")),
        )
    }
}

fn split(text: &str) -> Option<(&str, &str, &str)> {
    let (key, rest) = text.split_once('=')?;
    let key = key.trim_end_matches(name::is_space);
    let rest = rest.trim_start_matches(name::is_space);
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let (value, after) = rest.get(1..)?.split_once(quote)?;
    (!value.contains('<')).then_some((key, value, after))
}

/// The normalised value of an attribute of type CDATA (XML 1.0 section 3.3.3): white space becomes a space each, line ends
/// first, and references give their character.
pub(super) fn normalised(literal: &str) -> Result<Cow<'_, str>, Fault> {
    if !literal.contains(['&', '\t', '\n', '\r']) {
        return Ok(Cow::Borrowed(literal));
    }
    let mut value = String::with_capacity(literal.len());
    let mut rest = literal;
    while let Some(at) = rest.find(['&', '\t', '\n', '\r']) {
        let (before, special) = rest.split_at_checked(at).unwrap_or((rest, ""));
        value.push_str(before);
        if let Some(reference) = special.strip_prefix('&') {
            let (entity, after) = reference
                .split_once(';')
                .ok_or(Fault::Malformed("'&' that starts no reference"))?;
            value.push(referenced(entity)?);
            rest = after;
        } else {
            value.push(' ');
            rest = special
                .strip_prefix("\r\n")
                .or_else(|| special.get(1..))
                .unwrap_or_default();
        }
    }
    value.push_str(rest);
    Ok(Cow::Owned(value))
}

/// The character of a reference: numeric, or one of the five predefined entities (XML 1.0 sections 4.1 and 4.6). There are no
/// others without a document type.
pub(super) fn referenced(entity: &str) -> Result<char, Fault> {
    let number = match entity {
        "lt" => return Ok('<'),
        "gt" => return Ok('>'),
        "amp" => return Ok('&'),
        "apos" => return Ok('\''),
        "quot" => return Ok('"'),
        _ => entity
            .strip_prefix('#')
            .ok_or(Fault::Malformed("an entity that is not predefined"))?,
    };
    let (digits, radix) = match number.strip_prefix('x') {
        Some(hexadecimal) => (hexadecimal, 16),
        None => (number, 10),
    };
    // from_str_radix would let a sign pass.
    let plain = digits.chars().all(|c| c.is_digit(radix));
    u32::from_str_radix(digits, radix)
        .ok()
        .filter(|_| plain)
        .and_then(char::from_u32)
        .filter(|c| name::is_char(*c))
        .ok_or(Fault::Malformed("a reference to no character"))
}
