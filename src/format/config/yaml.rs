//! The YAML that programs write for programs: block mappings and sequences, plain and quoted scalars, `[a, b]`, `{}`, `[]`, and
//! block scalars. Every scalar stays a string.
//!
//! Anchors, aliases, tags, several documents and complex keys are refused: no updater's configuration has them, and each is a
//! way for two readers to disagree or for a small file to become a large one.

use super::{Count, MAX_DEPTH, Node, Value, malformed, offset, too_deep, unique};
use crate::base::budget::Exceeded;
use crate::format::Error;
use crate::model::extract::Span;

/// Reads the one document that `bytes` are.
///
/// # Errors
/// Where `bytes` are no such YAML, a key stands twice in one mapping, or a limit is reached.
pub fn read(bytes: &[u8]) -> Result<Node, Error> {
    let text = std::str::from_utf8(bytes).map_err(|e| malformed(e.valid_up_to(), "not UTF-8"))?;
    let mut reader = Reader {
        lines: lines(text)?,
        text,
        at: 0,
        count: Count::default(),
    };
    let node = match reader.lines.first().map(|l| l.indent) {
        None => Node {
            value: Value::Nothing,
            span: 0..0,
        },
        Some(indent) => reader.block(indent, 0)?,
    };
    match reader.lines.get(reader.at) {
        Some(line) => Err(malformed(
            line.start,
            "the line fits no mapping or sequence",
        )),
        None => Ok(node),
    }
}

/// A line with content. A `- ` before it is part of the content until it is taken off.
#[derive(Debug, Clone, Copy)]
struct Line<'t> {
    indent: usize,
    /// Offset of the content.
    start: usize,
    content: &'t str,
    /// Index among all lines, comments and empty ones too.
    number: usize,
}

fn lines(text: &str) -> Result<Vec<Line<'_>>, Error> {
    let mut out: Vec<Line<'_>> = Vec::new();
    let mut at = 0usize;
    for (number, raw) in text.split_inclusive('\n').enumerate() {
        let start = at;
        at = at.saturating_add(raw.len());
        let line = raw.trim_end_matches(['\n', '\r']);
        let line = if number == 0 {
            line.trim_start_matches('\u{feff}')
        } else {
            line
        };
        let skipped = raw
            .trim_end_matches(['\n', '\r'])
            .len()
            .saturating_sub(line.len());
        let content = line.trim_start_matches(' ');
        let indent = line.len().saturating_sub(content.len());
        let content = content.trim_end();
        if content == "---" && out.is_empty() {
            continue;
        }
        let first = content.bytes().next();
        if matches!(first, None | Some(b'#')) {
            continue;
        }
        if indent == 0 && (content.starts_with("---") || content.starts_with('%')) {
            return Err(malformed(start, "several documents or a directive"));
        }
        if content == "..." && indent == 0 {
            break;
        }
        if first == Some(b'\t') {
            return Err(malformed(start, "a tab indents a line"));
        }
        out.push(Line {
            indent,
            start: start.saturating_add(skipped).saturating_add(indent),
            content,
            number,
        });
    }
    Ok(out)
}

struct Reader<'t> {
    lines: Vec<Line<'t>>,
    text: &'t str,
    at: usize,
    count: Count,
}

impl<'t> Reader<'t> {
    fn line(&self) -> Option<Line<'t>> {
        self.lines.get(self.at).copied()
    }

    fn next(&mut self) {
        self.at = self.at.saturating_add(1);
    }

    /// The block that starts on this line, at `indent`.
    fn block(&mut self, indent: usize, depth: u32) -> Result<Node, Error> {
        if depth > MAX_DEPTH {
            return Err(too_deep());
        }
        self.count.one()?;
        let Some(line) = self.line() else {
            return Err(malformed(self.text.len(), "a value is expected"));
        };
        if is_item(line.content) {
            self.sequence(indent, depth)
        } else if split_key(line.content, line.start)?.is_some() {
            self.mapping(indent, depth)
        } else {
            self.next();
            self.scalar(line.content, line.start, indent, depth)
        }
    }

    fn sequence(&mut self, indent: usize, depth: u32) -> Result<Node, Error> {
        let start = self.line().map_or(0, |l| l.start);
        let mut end = start;
        let mut items = Vec::new();
        while let Some(line) = self
            .line()
            .filter(|l| l.indent == indent && is_item(l.content))
        {
            let rest = line.content.get(1..).unwrap_or_default();
            let content = rest.trim_start_matches(' ');
            let pushed = line.content.len().saturating_sub(content.len());
            let item = if content.is_empty() || content.starts_with('#') {
                self.next();
                self.nested(indent, line, depth)?
            } else {
                // The rest of the line is a block of its own, as deep as it stands.
                let deeper = indent.saturating_add(pushed);
                if let Some(slot) = self.lines.get_mut(self.at) {
                    *slot = Line {
                        indent: deeper,
                        start: line.start.saturating_add(pushed),
                        content,
                        number: line.number,
                    };
                }
                self.block(deeper, depth.saturating_add(1))?
            };
            end = usize::try_from(item.span.end).unwrap_or(end);
            items.push(item);
        }
        Ok(Node {
            value: Value::List(items),
            span: offset(start)..offset(end),
        })
    }

    fn mapping(&mut self, indent: usize, depth: u32) -> Result<Node, Error> {
        let start = self.line().map_or(0, |l| l.start);
        let mut end = start;
        let mut entries = Vec::new();
        while let Some(line) = self
            .line()
            .filter(|l| l.indent == indent && !is_item(l.content))
        {
            let Some((key, after)) = split_key(line.content, line.start)? else {
                return Err(malformed(line.start, "\"key: value\" is expected"));
            };
            let rest = line.content.get(after..).unwrap_or_default();
            let content = rest.trim_start();
            let place = line
                .start
                .saturating_add(after)
                .saturating_add(rest.len().saturating_sub(content.len()));
            self.next();
            let value = if content.is_empty() || content.starts_with('#') {
                self.nested(indent, line, depth)?
            } else {
                self.scalar(content, place, indent, depth)?
            };
            end = usize::try_from(value.span.end).unwrap_or(end);
            entries.push((key, value));
        }
        unique(&entries)?;
        Ok(Node {
            value: Value::Map(entries),
            span: offset(start)..offset(end),
        })
    }

    /// What stands below a key or a dash: a deeper block, a sequence as deep as its key, or nothing.
    fn nested(&mut self, indent: usize, parent: Line<'_>, depth: u32) -> Result<Node, Error> {
        let below = self.line().filter(|l| {
            l.indent > indent
                || (l.indent == indent && is_item(l.content) && !is_item(parent.content))
        });
        match below {
            Some(line) => self.block(line.indent, depth.saturating_add(1)),
            None => {
                let end = offset(parent.start.saturating_add(parent.content.len()));
                Ok(Node {
                    value: Value::Nothing,
                    span: end..end,
                })
            }
        }
    }

    /// A scalar or a flow collection that starts at `start`; `indent` is that of what it belongs to.
    fn scalar(
        &mut self,
        content: &str,
        start: usize,
        indent: usize,
        depth: u32,
    ) -> Result<Node, Error> {
        self.count.one()?;
        match content.bytes().next() {
            Some(b'&' | b'*') => {
                return Err(Exceeded::Count {
                    what: "anchors or aliases",
                    limit: 0,
                }
                .into());
            }
            Some(b'!' | b'@' | b'`' | b'%') => {
                return Err(malformed(start, "a tag or a reserved character"));
            }
            Some(b'|' | b'>') => return self.block_scalar(content, start, indent),
            _ => {}
        }
        let mut flow = Flow {
            text: content,
            start,
            at: 0,
            count: &mut self.count,
        };
        let node = flow.value(depth, false)?;
        let rest = content.get(flow.at..).unwrap_or_default();
        let comment = rest.trim_start();
        if comment.is_empty() || (comment.starts_with('#') && rest.len() > comment.len()) {
            return Ok(node);
        }
        Err(malformed(
            start.saturating_add(flow.at),
            "something follows the value",
        ))
    }

    /// `|` keeps lines, `>` folds them; a final line feed stays unless `-` takes it off.
    fn block_scalar(&mut self, header: &str, start: usize, indent: usize) -> Result<Node, Error> {
        let folded = header.starts_with('>');
        let flags = header.get(1..).unwrap_or_default();
        if !matches!(flags, "" | "-" | "+") {
            return Err(malformed(
                start,
                "an indentation is stated for a block scalar",
            ));
        }
        let mut out = String::new();
        let mut end = start.saturating_add(header.len());
        let mut own = None;
        let mut before = None;
        while let Some(line) = self.line().filter(|l| l.indent > indent) {
            let own = *own.get_or_insert(line.indent);
            if line.indent < own {
                return Err(malformed(
                    line.start,
                    "a line of a block scalar is not indented enough",
                ));
            }
            let gap = before.map_or(0, |b| line.number.saturating_sub(b));
            let feeds = if folded { gap.saturating_sub(1) } else { gap };
            if folded && gap == 1 {
                out.push(' ');
            }
            out.extend(std::iter::repeat_n('\n', feeds));
            out.extend(std::iter::repeat_n(' ', line.indent.saturating_sub(own)));
            out.push_str(line.content);
            before = Some(line.number);
            end = line.start.saturating_add(line.content.len());
            self.next();
        }
        if flags != "-" && !out.is_empty() {
            out.push('\n');
        }
        Ok(Node {
            value: Value::Text(out),
            span: offset(start)..offset(end),
        })
    }
}

/// One line's value: a scalar, or a collection in brackets.
struct Flow<'t, 'c> {
    text: &'t str,
    start: usize,
    at: usize,
    count: &'c mut Count,
}

impl Flow<'_, '_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn space(&mut self) {
        let rest = self.rest();
        self.at = self
            .at
            .saturating_add(rest.len().saturating_sub(rest.trim_start().len()));
    }

    fn take(&mut self, c: char) -> bool {
        self.space();
        let there = self.rest().starts_with(c);
        if there {
            self.at = self.at.saturating_add(c.len_utf8());
        }
        there
    }

    fn fail(&self, message: &str) -> Error {
        malformed(self.start.saturating_add(self.at), message)
    }

    fn span(&self, from: usize) -> Span {
        offset(self.start.saturating_add(from))..offset(self.start.saturating_add(self.at))
    }

    fn value(&mut self, depth: u32, inside: bool) -> Result<Node, Error> {
        if depth > MAX_DEPTH {
            return Err(too_deep());
        }
        self.count.one()?;
        self.space();
        let from = self.at;
        let value = match self.rest().bytes().next() {
            Some(b'[') => self.list(depth)?,
            Some(b'{') => self.map(depth)?,
            Some(b'"' | b'\'') => Value::Text(self.quoted()?),
            Some(b'&' | b'*') => {
                return Err(Exceeded::Count {
                    what: "anchors or aliases",
                    limit: 0,
                }
                .into());
            }
            Some(b'!') => return Err(self.fail("a tag")),
            _ => {
                let text = self.plain(inside);
                if text.is_empty() || text.contains(": ") || text.ends_with(':') {
                    return Err(self.fail("no plain value"));
                }
                Value::Text(text)
            }
        };
        Ok(Node {
            value,
            span: self.span(from),
        })
    }

    fn list(&mut self, depth: u32) -> Result<Value, Error> {
        self.take('[');
        let mut items = Vec::new();
        while !self.take(']') {
            items.push(self.value(depth.saturating_add(1), true)?);
            if !self.take(',') && !self.rest().starts_with(']') {
                return Err(self.fail("\",\" or \"]\" is expected on the same line"));
            }
        }
        Ok(Value::List(items))
    }

    fn map(&mut self, depth: u32) -> Result<Value, Error> {
        self.take('{');
        let mut entries = Vec::new();
        while !self.take('}') {
            let key = match self.value(depth.saturating_add(1), true)?.value {
                Value::Text(key) => key,
                _ => return Err(self.fail("a key is a string")),
            };
            if !self.take(':') {
                return Err(self.fail("\":\" is expected"));
            }
            entries.push((key, self.value(depth.saturating_add(1), true)?));
            if !self.take(',') && !self.rest().starts_with('}') {
                return Err(self.fail("\",\" or \"}\" is expected on the same line"));
            }
        }
        unique(&entries)?;
        Ok(Value::Map(entries))
    }

    fn quoted(&mut self) -> Result<String, Error> {
        let (text, len) = quoted(self.rest())
            .ok_or_else(|| self.fail("a quoted string does not end on its line"))?;
        self.at = self.at.saturating_add(len);
        Ok(text)
    }

    /// Up to a comment, or to what ends a value inside brackets.
    fn plain(&mut self, inside: bool) -> String {
        let rest = self.rest();
        let mut end = rest.len();
        for (i, c) in rest.char_indices() {
            let after = rest.get(i.saturating_add(1)..).unwrap_or_default();
            let before = rest.get(..i).unwrap_or_default();
            let ends = (c == '#' && before.ends_with(' '))
                || (inside && matches!(c, ',' | ']' | '}' | '[' | '{'))
                || (inside && c == ':' && (after.starts_with(' ') || after.is_empty()));
            if ends {
                end = i;
                break;
            }
        }
        let text = rest.get(..end).unwrap_or_default().trim_end().to_owned();
        self.at = self.at.saturating_add(text.len());
        text
    }
}

fn is_item(content: &str) -> bool {
    content == "-" || content.starts_with("- ")
}

/// The key of a line and the length up to behind its colon; `None` where the line has none.
fn split_key(content: &str, start: usize) -> Result<Option<(String, usize)>, Error> {
    match content.bytes().next() {
        Some(b'"' | b'\'') => {
            let Some((key, len)) = quoted(content) else {
                return Ok(None);
            };
            let rest = content.get(len..).unwrap_or_default();
            let colon = rest.trim_start().strip_prefix(':');
            return Ok(colon
                .filter(|after| after.is_empty() || after.starts_with(' '))
                .map(|after| (key, content.len().saturating_sub(after.len()))));
        }
        Some(b'?') if content == "?" || content.starts_with("? ") => {
            return Err(malformed(start, "a complex key"));
        }
        Some(b'[' | b'{' | b'|' | b'>') => return Ok(None),
        _ => {}
    }
    let colon = content.match_indices(':').find(|(i, _)| {
        matches!(
            content.as_bytes().get(i.saturating_add(1)),
            None | Some(b' ')
        )
    });
    let Some((colon, _)) = colon else {
        return Ok(None);
    };
    let key = content.get(..colon).unwrap_or_default().trim_end();
    match key.bytes().next() {
        Some(b'&' | b'*') => Err(Exceeded::Count {
            what: "anchors or aliases",
            limit: 0,
        }
        .into()),
        Some(b'!') => Err(malformed(start, "a tag")),
        _ if key == "<<" => Err(malformed(start, "a merge key")),
        _ if key.contains(" #") => Ok(None),
        _ => Ok(Some((key.to_owned(), colon.saturating_add(1)))),
    }
}

/// A quoted string at the start of `text` and its length with quotes.
fn quoted(text: &str) -> Option<(String, usize)> {
    let quote = text.chars().next()?;
    let mut out = String::new();
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((i, c)) = chars.next() {
        match c {
            '\'' if quote == '\'' && chars.peek().is_some_and(|(_, n)| *n == '\'') => {
                chars.next();
                out.push('\'');
            }
            c if c == quote => return Some((out, i.saturating_add(1))),
            '\\' if quote == '"' => out.push(escape(&mut chars)?),
            c => out.push(c),
        }
    }
    None
}

/// YAML 1.2.2 section 5.7.
fn escape(chars: &mut impl Iterator<Item = (usize, char)>) -> Option<char> {
    let (_, kind) = chars.next()?;
    let digits = match kind {
        '0' => return Some('\0'),
        'a' => return Some('\u{7}'),
        'b' => return Some('\u{8}'),
        't' => return Some('\t'),
        'n' => return Some('\n'),
        'v' => return Some('\u{b}'),
        'f' => return Some('\u{c}'),
        'r' => return Some('\r'),
        'e' => return Some('\u{1b}'),
        ' ' | '"' | '/' | '\\' => return Some(kind),
        'x' => 2,
        'u' => 4,
        'U' => 8,
        _ => return None,
    };
    let hex: String = chars.take(digits).map(|(_, c)| c).collect();
    (hex.len() == digits)
        .then(|| u32::from_str_radix(&hex, 16).ok())
        .flatten()
        .and_then(char::from_u32)
}
