//! Lines of at most [`WIDTH`] columns. What is said never depends on the terminal; colour is decoration.

use std::io;

use anstyle::{AnsiColor, Style as Ansi};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::base::text::is_unsafe;

/// Columns of a page.
pub(in crate::report) const WIDTH: usize = 80;
/// Where the text of a row starts.
const ROW: usize = 16;

/// How a piece of a line looks where colour is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    Plain,
    Strong,
    Good,
    Look,
    Bad,
    Faint,
}

impl Tone {
    fn ansi(self) -> Ansi {
        match self {
            Self::Plain => Ansi::new(),
            Self::Strong => Ansi::new().bold(),
            Self::Good => AnsiColor::Green.on_default(),
            Self::Look => AnsiColor::Yellow.on_default(),
            Self::Bad => AnsiColor::Red.on_default().bold(),
            Self::Faint => Ansi::new().dimmed(),
        }
    }
}

/// Where the lines go.
pub(super) struct Page<'o> {
    out: &'o mut dyn io::Write,
    colour: bool,
}

impl<'o> Page<'o> {
    pub(super) fn new(out: &'o mut dyn io::Write, colour: bool) -> Self {
        Self { out, colour }
    }

    pub(super) fn blank(&mut self) -> io::Result<()> {
        self.out.write_all(b"\n")
    }

    /// One line of pieces. The last net under every string: what must not reach a terminal is escaped even where a caller
    /// forgot to.
    pub(super) fn line(&mut self, pieces: &[(Tone, &str)]) -> io::Result<()> {
        let end = pieces
            .iter()
            .rposition(|(_, text)| !text.trim_end().is_empty())
            .map_or(0, |i| i.saturating_add(1));
        for (i, (tone, text)) in pieces.iter().take(end).enumerate() {
            let last = i.saturating_add(1) == end;
            let text = net(if last { text.trim_end() } else { text });
            let style = tone.ansi();
            if self.colour && *tone != Tone::Plain {
                write!(self.out, "{style}{text}{style:#}")?;
            } else {
                self.out.write_all(text.as_bytes())?;
            }
        }
        self.blank()
    }

    /// A label and its text, wrapped under itself.
    pub(super) fn row(&mut self, label: &str, text: &str) -> io::Result<()> {
        self.toned_row(label, (Tone::Plain, ""), text)
    }

    /// A row whose text starts with a word in a tone of its own.
    pub(super) fn toned_row(
        &mut self,
        label: &str,
        (tone, word): (Tone, &str),
        text: &str,
    ) -> io::Result<()> {
        let label = pad(&format!("  {label}"), ROW);
        let word = if word.is_empty() || text.is_empty() {
            word.to_owned()
        } else {
            pad(word, 13)
        };
        let hang = ROW.saturating_add(width(&word));
        let mut lines = wrap(text, WIDTH.saturating_sub(hang)).into_iter();
        let first = lines.next().unwrap_or_default();
        self.line(&[(Tone::Plain, &label), (tone, &word), (Tone::Plain, &first)])?;
        let indent = " ".repeat(hang);
        lines.try_for_each(|line| self.line(&[(Tone::Plain, &indent), (Tone::Plain, &line)]))
    }

    /// One item of a list: text wrapped at an indent, its further lines two columns deeper.
    pub(super) fn item(&mut self, indent: usize, text: &str) -> io::Result<()> {
        let deeper = indent.saturating_add(2);
        for (i, line) in wrap(text, WIDTH.saturating_sub(deeper)).iter().enumerate() {
            let margin = " ".repeat(if i == 0 { indent } else { deeper });
            self.line(&[(Tone::Plain, &margin), (Tone::Plain, line)])?;
        }
        Ok(())
    }

    /// Text wrapped at an indent.
    pub(super) fn block(&mut self, indent: usize, text: &str) -> io::Result<()> {
        let margin = " ".repeat(indent);
        wrap(text, WIDTH.saturating_sub(indent))
            .iter()
            .try_for_each(|line| self.line(&[(Tone::Plain, &margin), (Tone::Plain, line)]))
    }
}

fn net(text: &str) -> std::borrow::Cow<'_, str> {
    if text.chars().any(is_unsafe) {
        crate::base::text::shown(text).into()
    } else {
        text.into()
    }
}

/// Columns that `text` takes.
pub(super) fn width(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

/// `text` with spaces to `columns`, and at least one after it.
pub(super) fn pad(text: &str, columns: usize) -> String {
    let fill = columns.saturating_sub(width(text)).max(1);
    format!("{text}{}", " ".repeat(fill))
}

/// The start of `text` in at most `columns`, with a mark where it was cut.
pub(super) fn fit(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut out = prefix(text.chars(), columns.saturating_sub(1));
    out.push('…');
    out
}

/// The end of `text` in at most `columns`, with a mark where it was cut: the name of a file is at the end of its path.
pub(super) fn fit_end(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let reversed = prefix(text.chars().rev(), columns.saturating_sub(1));
    std::iter::once('…').chain(reversed.chars().rev()).collect()
}

fn prefix(chars: impl Iterator<Item = char>, columns: usize) -> String {
    let mut used = 0usize;
    chars
        .take_while(|c| {
            used = used.saturating_add(c.width().unwrap_or(0));
            used <= columns
        })
        .collect()
}

/// `text` in lines of at most `columns`, broken at spaces, and inside a word only where it is longer than a line.
pub(in crate::report) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(8);
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(' ').filter(|w| !w.is_empty()) {
        let mut rest = word.to_owned();
        let room = columns.saturating_sub(width(&line).saturating_add(1));
        if !line.is_empty() && width(&rest) > room {
            lines.push(std::mem::take(&mut line));
        }
        while width(&rest) > columns {
            let head = prefix(rest.chars(), columns);
            rest = rest.get(head.len()..).unwrap_or_default().to_owned();
            lines.push(head);
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(&rest);
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::{Page, Tone, WIDTH, fit, fit_end, width, wrap};

    #[test]
    fn wide_letters_and_long_words_stay_inside_the_page() {
        for text in [
            "華為技術有限公司".repeat(30),
            "x".repeat(500),
            "ab cd ".repeat(80),
            "\\u{202e}".repeat(60),
        ] {
            let lines = wrap(&text, 37);
            assert!(lines.iter().all(|l| width(l) <= 37), "{lines:?}");
            assert_eq!(
                lines.concat().replace(' ', ""),
                text.replace(' ', ""),
                "nothing is lost"
            );
            assert!(width(&fit(&text, 20)) <= 20);
            assert!(width(&fit_end(&text, 20)) <= 20);
        }
        assert_eq!(wrap("", 20), [""]);
    }

    #[test]
    fn a_forgotten_escape_is_caught_by_the_page() {
        let mut out = Vec::new();
        Page::new(&mut out, false)
            .line(&[(Tone::Bad, "a\x1b[2J\u{202e}b   ")])
            .unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "a\\u{1b}[2J\\u{202e}b\n");
        assert_eq!(WIDTH, 80);
    }
}
