//! Just enough of Rego's tokens to see what a policy refers to: names, punctuation, strings, lines. Comments are dropped.

/// One token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token<'t> {
    /// What it is.
    pub kind: Kind<'t>,
    /// Counts from 1.
    pub line: usize,
    /// It stands in the first column, where rules begin.
    pub first_column: bool,
}

/// Kinds of token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind<'t> {
    /// A name or keyword.
    Name(&'t str),
    /// A string, without its quotes, escapes as written.
    Text(&'t str),
    /// Any other character.
    Mark(char),
}

/// The tokens of `text`, in order.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut out = Vec::new();
    let mut rest = text;
    let mut line = 1_usize;
    let mut first_column = true;
    while let Some(c) = rest.chars().next() {
        if c == '\n' {
            line = line.saturating_add(1);
            first_column = true;
            rest = rest.get(1..).unwrap_or_default();
            continue;
        }
        let (kind, len) = match c {
            '#' => (None, rest.find('\n').unwrap_or(rest.len())),
            '"' => string(rest, '"', true),
            '`' => string(rest, '`', false),
            c if c.is_alphabetic() || c == '_' => {
                let len = rest
                    .find(|c: char| !c.is_alphanumeric() && c != '_')
                    .unwrap_or(rest.len());
                (rest.get(..len).map(Kind::Name), len)
            }
            c if c.is_whitespace() => (None, c.len_utf8()),
            c => (Some(Kind::Mark(c)), c.len_utf8()),
        };
        let (taken, after) = rest.split_at_checked(len.max(1)).unwrap_or((rest, ""));
        if let Some(kind) = kind {
            out.push(Token {
                kind,
                line,
                first_column,
            });
        }
        line = line.saturating_add(taken.bytes().filter(|b| *b == b'\n').count());
        first_column = false;
        rest = after;
    }
    out
}

/// A string literal at the start of `rest`: its token and its length with quotes.
fn string(rest: &str, quote: char, escapes: bool) -> (Option<Kind<'_>>, usize) {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        if escaped {
            escaped = false;
        } else if escapes && c == '\\' {
            escaped = true;
        } else if c == quote {
            return (rest.get(1..at).map(Kind::Text), at.saturating_add(1));
        }
    }
    (None, rest.len())
}
