//! Debian versions and their order: `[epoch:]upstream[-revision]`, deb-version(7).

use std::cmp::Ordering;

/// A version, kept in its parts.
#[derive(Debug, Clone)]
pub struct Version {
    epoch: u32,
    upstream: String,
    revision: String,
}

impl Version {
    /// Reads a version as Debian policy 5.6.12 allows it.
    pub fn parse(text: &str) -> Option<Self> {
        let (epoch, rest) = match text.split_once(':') {
            None => (0, text),
            Some((epoch, rest)) if epoch.bytes().all(|b| b.is_ascii_digit()) => {
                (epoch.parse().ok()?, rest)
            }
            Some(_) => return None,
        };
        let (upstream, revision) = match rest.rsplit_once('-') {
            None => (rest, ""),
            Some((_, "")) => return None,
            Some((upstream, revision)) => (upstream, revision),
        };
        let allowed = |part: &str, more: &str| {
            part.chars()
                .all(|c| c.is_ascii_alphanumeric() || more.contains(c))
        };
        // A colon is allowed upstream only behind an epoch, and where one stands an epoch has been read.
        let good = upstream.starts_with(|c: char| c.is_ascii_digit())
            && allowed(upstream, ".+-~:")
            && allowed(revision, ".+~");
        good.then(|| Self {
            epoch,
            upstream: upstream.to_owned(),
            revision: revision.to_owned(),
        })
    }
}

/// Letters sort before everything else, and the tilde before the end.
fn weight(byte: Option<u8>) -> u32 {
    match byte {
        Some(b'~') => 0,
        None => 1,
        Some(b) if b.is_ascii_alphabetic() => u32::from(b).saturating_add(2),
        Some(b) => u32::from(b).saturating_add(0x200),
    }
}

fn split(text: &[u8], inside: impl Fn(&u8) -> bool) -> (&[u8], &[u8]) {
    let end = text.iter().position(|b| !inside(b)).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, &[]))
}

fn compare(left: &str, right: &str) -> Ordering {
    let (mut left, mut right) = (left.as_bytes(), right.as_bytes());
    while !left.is_empty() || !right.is_empty() {
        let (words_left, rest_left) = split(left, |b| !b.is_ascii_digit());
        let (words_right, rest_right) = split(right, |b| !b.is_ascii_digit());
        for at in 0..words_left.len().max(words_right.len()) {
            let order =
                weight(words_left.get(at).copied()).cmp(&weight(words_right.get(at).copied()));
            if order != Ordering::Equal {
                return order;
            }
        }
        let (digits_left, rest_left) = split(rest_left, u8::is_ascii_digit);
        let (digits_right, rest_right) = split(rest_right, u8::is_ascii_digit);
        let (_, digits_left) = split(digits_left, |b| *b == b'0');
        let (_, digits_right) = split(digits_right, |b| *b == b'0');
        let order = digits_left
            .len()
            .cmp(&digits_right.len())
            .then_with(|| digits_left.cmp(digits_right));
        if order != Ordering::Equal {
            return order;
        }
        (left, right) = (rest_left, rest_right);
    }
    Ordering::Equal
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        self.epoch
            .cmp(&other.epoch)
            .then_with(|| compare(&self.upstream, &other.upstream))
            .then_with(|| compare(&self.revision, &other.revision))
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Version {}

#[cfg(test)]
mod tests {
    use super::Version;

    fn v(text: &str) -> Version {
        Version::parse(text).unwrap_or_else(|| panic!("{text}"))
    }

    #[test]
    fn the_order_is_that_of_deb_version_7() {
        let order = [
            "0~~",
            "0~~a",
            "0~",
            "0",
            "0a",
            "0+",
            "0.1",
            "1.0~beta1~svn1245",
            "1.0~beta1",
            "1.0",
            "1.0-0.1",
            "1.0-1~bpo12+1",
            "1.0-1",
            "1.0-1+b1",
            "1.0-1+deb12u1",
            "1.0-2",
            "1.0-10",
            "1.0a",
            "1.0+dfsg-1",
            "1.0.1",
            "1.2",
            "1.10",
            "1:0",
            "2:0-1",
        ];
        for pair in order.windows(2) {
            assert!(v(pair[0]) < v(pair[1]), "{} < {}", pair[0], pair[1]);
            assert!(v(pair[1]) > v(pair[0]));
        }
    }

    #[test]
    fn an_absent_epoch_or_revision_is_nought_and_leading_noughts_do_not_count() {
        assert_eq!(v("0:1.0"), v("1.0"));
        assert_eq!(v("1.0-0"), v("1.0"));
        assert_eq!(v("1.001"), v("1.1"));
        // Longer than any machine word.
        assert!(v("1.99999999999999999999999998") < v("1.99999999999999999999999999"));
    }

    #[test]
    fn hyphens_and_colons_belong_upstream_only_where_they_may() {
        assert!(v("1.0-a-1") > v("1.0-1"));
        assert_eq!(v("1:1:1-1"), v("1:1:1-1"));
        for wrong in [
            "", "a", "-1", "1-", "a:1", "1 ", "1_2", "1:", "1.0-1_2", ":1",
        ] {
            assert!(Version::parse(wrong).is_none(), "{wrong}");
        }
    }
}
