//! Words in executables by which an updater built into them is known.

use memchr::memmem::Finder;

use super::collect::Collector;
use crate::model::updater::{Mark, UpdaterKind};

/// A word and whose it is.
struct Word {
    finder: Finder<'static>,
    kind: UpdaterKind,
    what: &'static str,
    /// Bytes from one character to the next.
    stride: usize,
    /// Characters that belong to it on both sides.
    part: fn(u8) -> bool,
}

pub(super) struct Marks(Vec<Word>);

/// Longest mark kept: a public key in base64 twice over, or a key of the registry.
const MAX_MARK: usize = 320;

impl Marks {
    pub(super) fn new() -> Self {
        let word = |needle: &'static [u8], kind, what, stride, part| Word {
            finder: Finder::new(needle),
            kind,
            what,
            stride,
            part,
        };
        Self(vec![
            // base64 of "untrusted comment: minisign public key", as tauri.conf.json holds a key.
            word(
                b"dW50cnVzdGVkIGNvbW1lbnQ6IG1pbmlzaWduIHB1YmxpYyBrZXk",
                UpdaterKind::Tauri,
                "minisign-public-key",
                1,
                is_base64,
            ),
            word(
                b"win_sparkle_set_",
                UpdaterKind::WinSparkle,
                "function",
                1,
                is_word,
            ),
            word(
                b"\\Update\\Client",
                UpdaterKind::Omaha,
                "registry-key",
                1,
                is_key,
            ),
            word(
                b"\\\0U\0p\0d\0a\0t\0e\0\\\0C\0l\0i\0e\0n\0t\0",
                UpdaterKind::Omaha,
                "registry-key",
                2,
                is_key,
            ),
        ])
    }

    /// Looks at words that start from `from` to before `to`, both counted in `bytes`, which stand at `base` in the file.
    pub(super) fn find(
        &self,
        bytes: &[u8],
        from: usize,
        to: usize,
        base: u64,
        out: &mut Collector<'_>,
    ) {
        for word in &self.0 {
            let needle = word.finder.needle().len();
            let end = to.saturating_add(needle.saturating_sub(1)).min(bytes.len());
            let range = bytes.get(from..end).unwrap_or_default();
            // A file made of one word is not read again at each.
            let mut done = 0usize;
            for hit in word.finder.find_iter(range) {
                let at = from.saturating_add(hit);
                if at < done {
                    continue;
                }
                let (start, end) = extent(bytes, at, word);
                done = end;
                let value: String = bytes
                    .get(start..end)
                    .unwrap_or_default()
                    .iter()
                    .step_by(word.stride)
                    .map(|b| char::from(*b))
                    .collect();
                let absolute = |i: usize| base.saturating_add(u64::try_from(i).unwrap_or(u64::MAX));
                out.mark(Mark {
                    kind: word.kind,
                    what: word.what,
                    value,
                    span: absolute(start)..absolute(end),
                });
            }
        }
    }
}

/// Where the characters around `at` end that belong to the word.
fn extent(bytes: &[u8], at: usize, word: &Word) -> (usize, usize) {
    let is_part = |i: usize| {
        let low = bytes.get(i).copied().is_some_and(word.part);
        low && (word.stride == 1 || bytes.get(i.saturating_add(1)) == Some(&0))
    };
    let (mut start, mut end) = (at, at);
    for _ in 0..MAX_MARK {
        match start.checked_sub(word.stride) {
            Some(before) if is_part(before) => start = before,
            _ => break,
        }
    }
    for _ in 0..MAX_MARK {
        if !is_part(end) {
            break;
        }
        end = end.saturating_add(word.stride);
    }
    (start, end.min(bytes.len()))
}

fn is_base64(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=')
}

fn is_word(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b == b'_'
}

fn is_key(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b"\\ _-{}.%()".contains(&b)
}
