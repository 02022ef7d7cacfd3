//! JSON (RFC 8259), strictly: one value, no comments, no key twice, no lone surrogates.

use super::{Count, MAX_DEPTH, Node, Value, malformed, offset, too_deep, unique};
use crate::format::Error;

/// Reads the one value that `bytes` are; a byte order mark before it is passed over.
///
/// # Errors
/// Where `bytes` are no JSON, a key stands twice in one object, something follows the value, or a limit is reached.
pub fn read(bytes: &[u8]) -> Result<Node, Error> {
    let text = std::str::from_utf8(bytes).map_err(|e| malformed(e.valid_up_to(), "not UTF-8"))?;
    let mut reader = Reader {
        bytes: text.as_bytes(),
        at: if text.starts_with('\u{feff}') { 3 } else { 0 },
        count: Count::default(),
    };
    let node = reader.value(0)?;
    reader.space();
    if reader.at < reader.bytes.len() {
        return Err(malformed(reader.at, "data follows the JSON value"));
    }
    Ok(node)
}

struct Reader<'b> {
    bytes: &'b [u8],
    at: usize,
    count: Count,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn step(&mut self) {
        self.at = self.at.saturating_add(1);
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.step();
        }
    }

    fn take(&mut self, byte: u8) -> bool {
        self.space();
        let there = self.peek() == Some(byte);
        if there {
            self.step();
        }
        there
    }

    fn value(&mut self, depth: u32) -> Result<Node, Error> {
        if depth > MAX_DEPTH {
            return Err(too_deep());
        }
        self.count.one()?;
        self.space();
        let start = self.at;
        let deeper = depth.saturating_add(1);
        let value = match self.peek() {
            Some(b'{') => self.object(deeper)?,
            Some(b'[') => self.array(deeper)?,
            Some(b'"') => Value::Text(self.string()?),
            Some(b'-' | b'0'..=b'9') => self.number()?,
            _ => self.word()?,
        };
        Ok(Node {
            value,
            span: offset(start)..offset(self.at),
        })
    }

    fn object(&mut self, depth: u32) -> Result<Value, Error> {
        self.step();
        let mut entries = Vec::new();
        if self.take(b'}') {
            return Ok(Value::Map(entries));
        }
        loop {
            self.space();
            if self.peek() != Some(b'"') {
                return Err(malformed(self.at, "a key is expected"));
            }
            let key = self.string()?;
            if !self.take(b':') {
                return Err(malformed(self.at, "\":\" is expected"));
            }
            entries.push((key, self.value(depth)?));
            if self.take(b'}') {
                unique(&entries)?;
                return Ok(Value::Map(entries));
            }
            if !self.take(b',') {
                return Err(malformed(self.at, "\",\" or \"}\" is expected"));
            }
        }
    }

    fn array(&mut self, depth: u32) -> Result<Value, Error> {
        self.step();
        let mut items = Vec::new();
        if self.take(b']') {
            return Ok(Value::List(items));
        }
        loop {
            items.push(self.value(depth)?);
            if self.take(b']') {
                return Ok(Value::List(items));
            }
            if !self.take(b',') {
                return Err(malformed(self.at, "\",\" or \"]\" is expected"));
            }
        }
    }

    fn string(&mut self) -> Result<String, Error> {
        let start = self.at;
        self.step();
        let mut out = Vec::new();
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            let plain = rest
                .iter()
                .take_while(|b| !matches!(b, b'"' | b'\\' | 0..0x20))
                .count();
            out.extend_from_slice(rest.get(..plain).unwrap_or_default());
            self.at = self.at.saturating_add(plain);
            match self.peek() {
                Some(b'"') => {
                    self.step();
                    return String::from_utf8(out).map_err(|_| malformed(start, "not UTF-8"));
                }
                Some(b'\\') => {
                    self.step();
                    let c = self.escape()?;
                    out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                }
                Some(_) => {
                    return Err(malformed(self.at, "a control character stands in a string"));
                }
                None => return Err(malformed(start, "a string does not end")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Error> {
        let at = self.at;
        let kind = self.peek();
        self.step();
        Ok(match kind {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(at),
            _ => return Err(malformed(at, "no such escape")),
        })
    }

    fn unicode(&mut self, at: usize) -> Result<char, Error> {
        let first = self.unit()?;
        let mut units = vec![first];
        if (0xd800..0xdc00).contains(&first)
            && self
                .bytes
                .get(self.at..)
                .is_some_and(|r| r.starts_with(b"\\u"))
        {
            self.at = self.at.saturating_add(2);
            units.push(self.unit()?);
        }
        let mut decoded = char::decode_utf16(units);
        match (decoded.next(), decoded.next()) {
            (Some(Ok(c)), None) => Ok(c),
            _ => Err(malformed(at, "a surrogate stands alone")),
        }
    }

    fn unit(&mut self) -> Result<u16, Error> {
        let digits = self
            .at
            .checked_add(4)
            .and_then(|end| self.bytes.get(self.at..end))
            .filter(|d| d.iter().all(u8::is_ascii_hexdigit))
            .and_then(|d| std::str::from_utf8(d).ok())
            .and_then(|d| u16::from_str_radix(d, 16).ok());
        let unit =
            digits.ok_or_else(|| malformed(self.at, "four hexadecimal digits are expected"))?;
        self.at = self.at.saturating_add(4);
        Ok(unit)
    }

    fn number(&mut self) -> Result<Value, Error> {
        let start = self.at;
        let rest = self.bytes.get(start..).unwrap_or_default();
        let len = rest
            .iter()
            .take_while(|b| b.is_ascii_digit() || matches!(b, b'-' | b'+' | b'.' | b'e' | b'E'))
            .count();
        self.at = start.saturating_add(len);
        let text = rest
            .get(..len)
            .and_then(|t| std::str::from_utf8(t).ok())
            .filter(|t| is_number(t))
            .ok_or_else(|| malformed(start, "no number"))?;
        Ok(Value::Number(text.to_owned()))
    }

    fn word(&mut self) -> Result<Value, Error> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        for (word, value) in [
            ("true", Value::Flag(true)),
            ("false", Value::Flag(false)),
            ("null", Value::Nothing),
        ] {
            if rest.starts_with(word.as_bytes()) {
                self.at = self.at.saturating_add(word.len());
                return Ok(value);
            }
        }
        Err(malformed(self.at, "a value is expected"))
    }
}

/// RFC 8259 section 6.
fn is_number(text: &str) -> bool {
    let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    let text = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((m, e)) => (m, Some(e)),
        None => (text, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((w, f)) => (w, Some(f)),
        None => (mantissa, None),
    };
    digits(whole)
        && (whole.len() == 1 || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|e| digits(e.strip_prefix(['+', '-']).unwrap_or(e)))
}
