//! Paragraphs of `Field: value` (deb822(5)), with the bytes that each field stands at; and a stream of paragraphs for large indexes.

use std::io::{BufRead, Read as _};

/// Fields of one paragraph; the longest real ones have some fifty.
const MAX_FIELDS: usize = 1000;
/// Bytes of one paragraph of an index; the longest real ones, of kernels, have under 200 KB.
const MAX_PARAGRAPH: usize = 4 << 20;

/// One field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Field<'t> {
    pub(super) name: &'t str,
    /// All of it, continuation lines included, without white space around.
    pub(super) value: &'t str,
    /// Where it begins in the text.
    pub(super) offset: usize,
}

/// What is wrong with a text, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Malformed {
    pub(super) offset: usize,
    pub(super) why: &'static str,
}

/// The fields of the first paragraph, in order, and where a second one begins.
pub(super) fn first_paragraph(text: &str) -> Result<(Vec<Field<'_>>, Option<usize>), Malformed> {
    let mut fields: Vec<Field<'_>> = Vec::new();
    let mut at = 0usize;
    let mut open: Option<(usize, usize)> = None;
    let mut second = None;
    for line in text.split_inclusive('\n') {
        let start = at;
        at = at.saturating_add(line.len());
        if line.trim().is_empty() {
            if open.is_some() || !fields.is_empty() {
                if let Some(range) = open.take() {
                    push(&mut fields, text, range)?;
                }
                let rest = text.get(at..).unwrap_or_default();
                if !rest.trim().is_empty() {
                    second = Some(at);
                }
                break;
            }
            continue;
        }
        if line.starts_with('#') {
            continue;
        }
        if line.starts_with([' ', '\t']) {
            match &mut open {
                Some((_, end)) => *end = at,
                None => {
                    return Err(Malformed {
                        offset: start,
                        why: "a continuation of no field",
                    });
                }
            }
            continue;
        }
        if let Some(range) = open.replace((start, at)) {
            push(&mut fields, text, range)?;
        }
    }
    if let Some(range) = open {
        push(&mut fields, text, range)?;
    }
    Ok((fields, second))
}

fn push<'t>(
    fields: &mut Vec<Field<'t>>,
    text: &'t str,
    (start, end): (usize, usize),
) -> Result<(), Malformed> {
    let malformed = |why| Malformed { offset: start, why };
    if fields.len() >= MAX_FIELDS {
        return Err(malformed("more than 1000 fields"));
    }
    let (name, value) = text
        .get(start..end)
        .and_then(|f| f.split_once(':'))
        .ok_or_else(|| malformed("a line without a field name"))?;
    if name.is_empty() || name.contains(char::is_whitespace) {
        return Err(malformed("a field name with white space"));
    }
    fields.push(Field {
        name,
        value: value.trim(),
        offset: start,
    });
    Ok(())
}

/// The paragraphs of an index, one after the other, each as its bytes.
pub(super) struct Paragraphs<R> {
    from: R,
    buffer: Vec<u8>,
}

impl<R: BufRead> Paragraphs<R> {
    pub(super) fn new(from: R) -> Self {
        Self {
            from,
            buffer: Vec::new(),
        }
    }

    /// The next one; none at the end.
    pub(super) fn next(&mut self) -> Result<Option<Paragraph<'_>>, String> {
        self.buffer.clear();
        loop {
            let before = self.buffer.len();
            let room = MAX_PARAGRAPH.saturating_sub(before).saturating_add(1);
            let mut line = (&mut self.from).take(u64::try_from(room).unwrap_or(u64::MAX));
            let read = line
                .read_until(b'\n', &mut self.buffer)
                .map_err(|e| e.to_string())?;
            if self.buffer.len() > MAX_PARAGRAPH {
                return Err(format!("a paragraph of more than {MAX_PARAGRAPH} bytes"));
            }
            let line = self.buffer.get(before..).unwrap_or_default();
            let blank = line.iter().all(u8::is_ascii_whitespace);
            if blank {
                self.buffer.truncate(before);
            }
            if read == 0 || (blank && !self.buffer.is_empty()) {
                break;
            }
        }
        Ok((!self.buffer.is_empty()).then_some(Paragraph(&self.buffer)))
    }
}

/// One paragraph of an index.
#[derive(Debug, Clone, Copy)]
pub(super) struct Paragraph<'b>(&'b [u8]);

impl<'b> Paragraph<'b> {
    /// Every first line of a field, name and value; the value of a field with several lines is that on its first.
    pub(super) fn fields(&self) -> impl Iterator<Item = (&'b [u8], &'b [u8])> {
        self.0
            .split(|b| *b == b'\n')
            .filter(|line| !line.starts_with(b" ") && !line.starts_with(b"\t"))
            .filter_map(|line| {
                let colon = memchr::memchr(b':', line)?;
                let (name, value) = line.split_at_checked(colon)?;
                Some((name, value.get(1..)?.trim_ascii()))
            })
    }
}

#[cfg(test)]
mod tests {
    use super::{Paragraphs, first_paragraph};

    #[test]
    fn fields_keep_their_continuations_and_a_second_paragraph_is_noticed() {
        let text = "\nA: 1\nB:\n x 1\n y 2\n# c\nb: d:e\r\n \nC: 3\n";
        let (fields, second) = first_paragraph(text).unwrap();
        let all: Vec<_> = fields.iter().map(|f| (f.name, f.value)).collect();
        assert_eq!(all, [("A", "1"), ("B", "x 1\n y 2"), ("b", "d:e")]);
        assert_eq!(second, text.find("C:"));
        assert_eq!(first_paragraph("A: 1\n\n\n").unwrap().1, None);
        assert_eq!(first_paragraph("").unwrap(), (vec![], None));
        for wrong in [" x\n", "no colon\n", "a b: c\n", ": x\n"] {
            assert!(first_paragraph(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_stream_gives_each_paragraph_once_and_refuses_endless_ones() {
        let text = b"\n\nPackage: a\nDescription: x\n more\n\n\r\nPackage: b\n";
        let mut stream = Paragraphs::new(&text[..]);
        let names = |p: super::Paragraph<'_>| {
            p.fields()
                .map(|(n, v)| format!("{}={}", n.escape_ascii(), v.escape_ascii()))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            names(stream.next().unwrap().unwrap()),
            ["Package=a", "Description=x"]
        );
        assert_eq!(names(stream.next().unwrap().unwrap()), ["Package=b"]);
        assert!(stream.next().unwrap().is_none());
        let endless = vec![b'a'; super::MAX_PARAGRAPH + 10];
        assert!(Paragraphs::new(&endless[..]).next().is_err());
    }
}
