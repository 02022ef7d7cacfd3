//! Python versions and their order (PEP 440), as far as choosing a release needs them: no specifiers.

use std::cmp::Ordering;

/// A version in normal form.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    epoch: u64,
    /// Without trailing noughts.
    release: Vec<u64>,
    pre: Pre,
    post: Option<u64>,
    dev: Dev,
    local: Vec<Segment>,
}

/// A development release alone comes before any pre-release, the final release after all of them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Pre {
    DevelopmentOnly,
    Some(Phase, u64),
    None,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Phase {
    Alpha,
    Beta,
    Candidate,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Dev {
    Some(u64),
    None,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Segment {
    Word(String),
    Number(u64),
}

impl Ord for Segment {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Word(a), Self::Word(b)) => a.cmp(b),
            (Self::Number(a), Self::Number(b)) => a.cmp(b),
            (Self::Word(_), Self::Number(_)) => Ordering::Less,
            (Self::Number(_), Self::Word(_)) => Ordering::Greater,
        }
    }
}

impl PartialOrd for Segment {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Longest first, so that no spelling hides a longer one.
const PHASES: [(&str, Phase); 8] = [
    ("preview", Phase::Candidate),
    ("alpha", Phase::Alpha),
    ("beta", Phase::Beta),
    ("pre", Phase::Candidate),
    ("rc", Phase::Candidate),
    ("a", Phase::Alpha),
    ("b", Phase::Beta),
    ("c", Phase::Candidate),
];
const POSTS: [&str; 3] = ["post", "rev", "r"];

/// What is left to read.
struct Rest<'t>(&'t str);

impl Rest<'_> {
    fn take(&mut self, word: &str) -> bool {
        match self.0.strip_prefix(word) {
            None => false,
            Some(rest) => {
                self.0 = rest;
                true
            }
        }
    }

    fn separator(&mut self) -> bool {
        self.take(".") || self.take("-") || self.take("_")
    }

    fn number(&mut self) -> Option<u64> {
        let end = self
            .0
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(self.0.len());
        let (digits, rest) = self.0.split_at_checked(end)?;
        let number = digits.parse().ok()?;
        self.0 = rest;
        Some(number)
    }

    /// A number that may be left out, with a separator before it or none.
    fn implied(&mut self) -> u64 {
        let before = self.0;
        self.separator();
        self.number().unwrap_or_else(|| {
            self.0 = before;
            0
        })
    }

    /// `-N`, the oldest spelling of a post-release.
    fn bare_post(&mut self) -> Option<u64> {
        let before = self.0;
        let number = if self.take("-") { self.number() } else { None };
        if number.is_none() {
            self.0 = before;
        }
        number
    }

    /// One of `words`, with a separator before it or none.
    fn word<'w, T: Copy>(&mut self, words: impl IntoIterator<Item = (&'w str, T)>) -> Option<T> {
        let before = self.0;
        self.separator();
        for (word, meaning) in words {
            if self.take(word) {
                return Some(meaning);
            }
        }
        self.0 = before;
        None
    }
}

impl Version {
    /// Reads a version in any spelling that PEP 440 normalises.
    pub fn parse(text: &str) -> Option<Self> {
        let lower = text.to_ascii_lowercase();
        let (public, local) = match lower.split_once('+') {
            None => (lower.as_str(), None),
            Some((public, local)) => (public, Some(local)),
        };
        let mut rest = Rest(public);
        rest.take("v");
        let mut first = rest.number()?;
        let mut epoch = 0;
        if rest.take("!") {
            epoch = first;
            first = rest.number()?;
        }
        let mut release = vec![first];
        while rest.0.starts_with('.')
            && rest
                .0
                .get(1..)
                .is_some_and(|r| r.starts_with(|c: char| c.is_ascii_digit()))
        {
            rest.take(".");
            release.push(rest.number()?);
        }
        while release.len() > 1 && release.last() == Some(&0) {
            release.pop();
        }
        let pre = rest.word(PHASES).map(|phase| (phase, rest.implied()));
        let post = match rest.word(POSTS.map(|p| (p, ()))) {
            Some(()) => Some(rest.implied()),
            None => rest.bare_post(),
        };
        let dev = rest.word([("dev", ())]).map(|()| rest.implied());
        if !rest.0.is_empty() {
            return None;
        }
        Some(Self {
            epoch,
            release,
            pre: match pre {
                Some((phase, number)) => Pre::Some(phase, number),
                None if post.is_none() && dev.is_some() => Pre::DevelopmentOnly,
                None => Pre::None,
            },
            post,
            dev: dev.map_or(Dev::None, Dev::Some),
            local: local.map_or(Some(Vec::new()), segments)?,
        })
    }

    /// It is a pre-release or a development release.
    pub fn is_prerelease(&self) -> bool {
        self.pre != Pre::None || self.dev != Dev::None
    }
}

fn segments(local: &str) -> Option<Vec<Segment>> {
    local
        .split(['.', '-', '_'])
        .map(|part| {
            let word = !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric());
            match part.parse() {
                Ok(number) if word => Some(Segment::Number(number)),
                _ => word.then(|| Segment::Word(part.to_owned())),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::Version;

    fn v(text: &str) -> Version {
        Version::parse(text).unwrap_or_else(|| panic!("{text}"))
    }

    #[test]
    fn the_order_is_that_of_pep_440() {
        let order = [
            "0.9",
            "1.0.dev456",
            "1.0a1",
            "1.0a2.dev456",
            "1.0a12.dev456",
            "1.0a12",
            "1.0b1.dev456",
            "1.0b2",
            "1.0b2.post345.dev456",
            "1.0b2.post345",
            "1.0rc1.dev456",
            "1.0rc1",
            "1.0",
            "1.0+abc.5",
            "1.0+abc.7",
            "1.0+5",
            "1.0.post456.dev34",
            "1.0.post456",
            "1.0.15",
            "1.1.dev1",
            "1.10",
            "2013.10",
            "1!0.1",
        ];
        for pair in order.windows(2) {
            assert!(v(pair[0]) < v(pair[1]), "{} < {}", pair[0], pair[1]);
        }
    }

    #[test]
    fn spellings_of_one_version_are_equal() {
        for (a, b) in [
            ("1.0", "1"),
            ("1.0.0", "v1.0"),
            ("1.1RC1", "1.1rc1"),
            ("1.1-alpha.1", "1.1a1"),
            ("1.2a", "1.2a0"),
            ("1.2-2", "1.2.post2"),
            ("1.2.rev4", "1.2post4"),
            ("1.0-dev", "1.0.dev0"),
            ("1.0+ubuntu-1", "1.0+ubuntu.1"),
            ("1.0pre1", "1.0c1"),
            ("1.0_preview_1", "1.0rc1"),
        ] {
            assert_eq!(v(a), v(b), "{a} {b}");
        }
        assert!(
            v("1.0rc1").is_prerelease()
                && v("1.0.dev1").is_prerelease()
                && !v("1.0.post1").is_prerelease()
        );
    }

    #[test]
    fn what_is_no_version_is_refused() {
        for wrong in [
            "",
            "a",
            "1.*",
            "1..2",
            "1.0-",
            "1.0+",
            "1.0+a..b",
            "1!",
            "1.0 ",
            "1.0x1",
            "99999999999999999999",
        ] {
            assert!(Version::parse(wrong).is_none(), "{wrong}");
        }
    }
}
