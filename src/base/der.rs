//! A bounded reader of DER (ITU-T X.690) that also reads the BER which real signers emit, and says when it did.
//!
//! It never recurses and never allocates: values are slices of the input, so what is hashed is what was found. Offsets in
//! errors and in [`Tlv::offset`] count from the start of the outermost input.

use super::oid::Oid;
use super::time::{self, Time};

/// Identifier octets this product meets (X.690 section 8.1.2).
pub mod tag {
    #![expect(missing_docs, reason = "the names are ASN.1's own")]
    pub const BOOLEAN: u8 = 0x01;
    pub const INTEGER: u8 = 0x02;
    pub const BIT_STRING: u8 = 0x03;
    pub const OCTET_STRING: u8 = 0x04;
    pub const NULL: u8 = 0x05;
    pub const OID: u8 = 0x06;
    pub const ENUMERATED: u8 = 0x0a;
    pub const UTF8_STRING: u8 = 0x0c;
    pub const NUMERIC_STRING: u8 = 0x12;
    pub const PRINTABLE_STRING: u8 = 0x13;
    pub const T61_STRING: u8 = 0x14;
    pub const IA5_STRING: u8 = 0x16;
    pub const UTC_TIME: u8 = 0x17;
    pub const GENERALIZED_TIME: u8 = 0x18;
    pub const VISIBLE_STRING: u8 = 0x1a;
    pub const UNIVERSAL_STRING: u8 = 0x1c;
    pub const BMP_STRING: u8 = 0x1e;
    pub const SEQUENCE: u8 = 0x30;
    pub const SET: u8 = 0x31;
    pub const CONSTRUCTED: u8 = 0x20;

    /// Context-specific, primitive.
    pub const fn context(n: u8) -> u8 {
        0x80 | n
    }

    /// Context-specific, constructed.
    pub const fn explicit(n: u8) -> u8 {
        0xa0 | n
    }
}

/// Deepest nesting of indefinite-length values followed; real signers use at most four.
const MAX_INDEFINITE_DEPTH: u32 = 16;

/// What is wrong, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{what} at offset {offset}")]
pub struct Error {
    /// From the start of the outermost input.
    pub offset: usize,
    /// The fault, in the specification's words.
    pub what: &'static str,
}

/// Which encoding rules to hold the input to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rules {
    /// Definite, minimal lengths only (X.690 section 10.1).
    Der,
    /// Also indefinite and over-long lengths.
    Ber,
}

/// One tag-length-value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tlv<'a> {
    /// The identifier octet (tag numbers over 30 are refused).
    pub tag: u8,
    /// Contents octets, without the end-of-contents marker of an indefinite length.
    pub value: &'a [u8],
    /// The whole encoding, tag and length included.
    pub raw: &'a [u8],
    /// Where `raw` starts.
    pub offset: usize,
    /// Where `value` starts.
    pub value_offset: usize,
    /// The encoding was BER but not DER.
    pub ber: bool,
    rules: Rules,
}

impl<'a> Tlv<'a> {
    /// A reader over the contents, under the same rules.
    pub fn reader(&self) -> Reader<'a> {
        Reader {
            input: self.value,
            pos: 0,
            base: self.value_offset,
            rules: self.rules,
        }
    }

    /// An error at this value.
    pub fn error(&self, what: &'static str) -> Error {
        Error {
            offset: self.offset,
            what,
        }
    }

    /// The value as an object identifier.
    ///
    /// # Errors
    /// Another tag, or empty contents.
    pub fn oid(&self) -> Result<Oid, Error> {
        if self.tag != tag::OID || self.value.is_empty() {
            return Err(self.error("expected OBJECT IDENTIFIER"));
        }
        Ok(Oid::from_der(self.value))
    }

    /// The value as UTCTime or GeneralizedTime.
    ///
    /// # Errors
    /// Another tag, or no valid time.
    pub fn time(&self) -> Result<Time, Error> {
        match self.tag {
            tag::UTC_TIME => time::utc_time(self.value),
            tag::GENERALIZED_TIME => time::generalized_time(self.value),
            _ => None,
        }
        .ok_or(self.error("expected a time"))
    }

    /// The value as a small unsigned number.
    ///
    /// # Errors
    /// Another tag, a negative number, or one over 64 bits.
    pub fn unsigned(&self) -> Result<u64, Error> {
        let bytes = match (self.tag, self.value) {
            (tag::INTEGER | tag::ENUMERATED, [0, rest @ ..]) => rest,
            (tag::INTEGER | tag::ENUMERATED, bytes @ [first, ..]) if *first < 0x80 => bytes,
            _ => return Err(self.error("expected a non-negative INTEGER")),
        };
        if bytes.len() > 8 {
            return Err(self.error("INTEGER over 64 bits"));
        }
        Ok(bytes.iter().fold(0, |n, b| (n << 8) | u64::from(*b)))
    }

    /// The contents of a BIT STRING with no unused bits.
    ///
    /// # Errors
    /// Another tag, or unused bits.
    pub fn bit_string(&self) -> Result<&'a [u8], Error> {
        match (self.tag, self.value) {
            (tag::BIT_STRING, [0, rest @ ..]) => Ok(rest),
            _ => Err(self.error("expected a BIT STRING of whole octets")),
        }
    }
}

/// Reads a run of values.
#[derive(Debug, Clone)]
pub struct Reader<'a> {
    input: &'a [u8],
    pos: usize,
    base: usize,
    rules: Rules,
}

impl<'a> Reader<'a> {
    /// Over the whole input, DER only.
    pub fn der(input: &'a [u8]) -> Self {
        Self {
            input,
            pos: 0,
            base: 0,
            rules: Rules::Der,
        }
    }

    /// Over the whole input, BER allowed.
    pub fn ber(input: &'a [u8]) -> Self {
        Self {
            input,
            pos: 0,
            base: 0,
            rules: Rules::Ber,
        }
    }

    /// The same reader with offsets counted from `base`.
    #[must_use]
    pub fn at(self, base: usize) -> Self {
        Self { base, ..self }
    }

    /// Nothing is left.
    pub fn is_empty(&self) -> bool {
        self.pos >= self.input.len()
    }

    /// What is left.
    pub fn rest(&self) -> &'a [u8] {
        self.input.get(self.pos..).unwrap_or_default()
    }

    /// Offset of the next byte.
    pub fn offset(&self) -> usize {
        self.base.saturating_add(self.pos)
    }

    /// An error at the next byte.
    pub fn error(&self, what: &'static str) -> Error {
        Error {
            offset: self.offset(),
            what,
        }
    }

    /// The identifier octet of the next value.
    pub fn peek(&self) -> Option<u8> {
        self.input.get(self.pos).copied()
    }

    /// Reads one value of any tag.
    ///
    /// # Errors
    /// Truncation, a length past the end, a tag number over 30, or a length form that the rules forbid.
    pub fn any(&mut self) -> Result<Tlv<'a>, Error> {
        let start = self.pos;
        let header = header(self.rest(), self.rules).map_err(|what| self.error(what))?;
        let value_start = start.saturating_add(header.len);
        let body = self.input.get(value_start..).unwrap_or_default();
        let (value, total) = match header.length {
            Some(length) => {
                let value = body
                    .get(..length)
                    .ok_or(self.error("length past the end"))?;
                (value, header.len.saturating_add(length))
            }
            None => {
                let length = indefinite_length(body).map_err(|what| self.error(what))?;
                let value = body.get(..length).unwrap_or_default();
                (value, header.len.saturating_add(length).saturating_add(2))
            }
        };
        let end = start.saturating_add(total);
        let tlv = Tlv {
            tag: header.tag,
            value,
            raw: self.input.get(start..end).unwrap_or_default(),
            offset: self.offset(),
            value_offset: self.base.saturating_add(value_start),
            ber: header.ber,
            rules: self.rules,
        };
        self.pos = end;
        Ok(tlv)
    }

    /// Reads one value of `tag`.
    ///
    /// # Errors
    /// As [`Reader::any`], and where the tag differs.
    pub fn expect(&mut self, tag: u8, what: &'static str) -> Result<Tlv<'a>, Error> {
        if self.peek() != Some(tag) {
            return Err(self.error(what));
        }
        self.any()
    }

    /// Reads one value of `tag` where it comes next.
    ///
    /// # Errors
    /// As [`Reader::any`].
    pub fn optional(&mut self, tag: u8) -> Result<Option<Tlv<'a>>, Error> {
        if self.peek() == Some(tag) {
            self.any().map(Some)
        } else {
            Ok(None)
        }
    }

    /// # Errors
    /// Where bytes are left.
    pub fn finish(&self) -> Result<(), Error> {
        if self.is_empty() {
            Ok(())
        } else {
            Err(self.error("unexpected data"))
        }
    }
}

struct Header {
    tag: u8,
    len: usize,
    /// `None` is the indefinite form.
    length: Option<usize>,
    ber: bool,
}

fn header(input: &[u8], rules: Rules) -> Result<Header, &'static str> {
    let (&tag, &first) = match input {
        [tag, first, ..] => (tag, first),
        _ => return Err("truncated value"),
    };
    if tag & 0x1f == 0x1f {
        return Err("tag number over 30");
    }
    if first < 0x80 {
        return Ok(Header {
            tag,
            len: 2,
            length: Some(usize::from(first)),
            ber: false,
        });
    }
    let octets = usize::from(first & 0x7f);
    if octets == 0 {
        if rules == Rules::Der {
            return Err("indefinite length in DER");
        }
        if tag & tag::CONSTRUCTED == 0 {
            return Err("indefinite length on a primitive value");
        }
        return Ok(Header {
            tag,
            len: 2,
            length: None,
            ber: true,
        });
    }
    let bytes = input
        .get(2..)
        .and_then(|r| r.get(..octets))
        .ok_or("truncated length")?;
    let significant = bytes.iter().skip_while(|b| **b == 0).count();
    if significant > size_of::<usize>() {
        return Err("length past the end");
    }
    let length = bytes.iter().fold(0usize, |n, b| (n << 8) | usize::from(*b));
    let ber = length < 0x80 || significant < octets;
    if ber && rules == Rules::Der {
        return Err("length not minimal");
    }
    Ok(Header {
        tag,
        len: octets.saturating_add(2),
        length: Some(length),
        ber,
    })
}

/// Length of the contents before the end-of-contents octets that close an indefinite value opened just before `body`.
fn indefinite_length(body: &[u8]) -> Result<usize, &'static str> {
    let mut pos = 0usize;
    let mut open = 1u32;
    loop {
        let rest = body.get(pos..).unwrap_or_default();
        if let [0, 0, ..] = rest {
            open = open.saturating_sub(1);
            if open == 0 {
                return Ok(pos);
            }
            pos = pos.saturating_add(2);
            continue;
        }
        let header = header(rest, Rules::Ber)?;
        pos = pos.saturating_add(header.len);
        match header.length {
            Some(length) => {
                pos = pos
                    .checked_add(length)
                    .filter(|p| *p <= body.len())
                    .ok_or("length past the end")?
            }
            None if open < MAX_INDEFINITE_DEPTH => open = open.saturating_add(1),
            None => return Err("indefinite lengths nested too deeply"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Reader, tag};

    #[test]
    fn der_refuses_what_ber_reads() {
        for (bytes, value) in [
            (&[0x30, 0x80, 0x05, 0x00, 0x00, 0x00][..], &[0x05, 0x00][..]),
            (&[0x04, 0x81, 0x01, 0xaa][..], &[0xaa][..]),
            (
                &[0x24, 0x80, 0x24, 0x80, 0x04, 0x00, 0x00, 0x00, 0x00, 0x00][..],
                &[0x24, 0x80, 0x04, 0x00, 0x00, 0x00][..],
            ),
        ] {
            assert!(Reader::der(bytes).any().is_err(), "{bytes:02x?}");
            let mut reader = Reader::ber(bytes);
            let tlv = reader.any().unwrap();
            assert_eq!((tlv.value, tlv.ber), (value, true));
            assert!(reader.is_empty());
        }
    }

    #[test]
    fn errors_carry_the_offset_from_the_outermost_input() {
        let bytes = [0x30, 0x04, 0x02, 0x01, 0x05, 0x02];
        let outer = Reader::der(&bytes).any().unwrap();
        let mut inner = outer.reader();
        assert_eq!(
            inner.expect(tag::INTEGER, "n").unwrap().unsigned().unwrap(),
            5
        );
        assert_eq!(inner.any().unwrap_err().offset, 5);
    }

    #[test]
    fn lengths_past_the_end_and_huge_lengths_are_errors() {
        for bytes in [
            &[0x04, 0x02, 0x00][..],
            &[0x04, 0x84, 0xff, 0xff, 0xff, 0xff],
            &[0x04, 0x8f],
            &[0x1f, 0x01, 0x00],
            &[0x30, 0x80, 0x05],
        ] {
            assert!(Reader::ber(bytes).any().is_err(), "{bytes:02x?}");
        }
        let nested: Vec<u8> = [0x30, 0x80].repeat(1000);
        assert!(Reader::ber(&nested).any().is_err());
    }
}
