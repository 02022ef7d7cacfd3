//! Which of two versions is newer, where a kind has no rule of its own.

use std::cmp::Ordering;

/// Numbers between dots, and nothing else: what also holds letters is not told apart here.
pub fn dotted(left: &str, right: &str) -> Option<Ordering> {
    let numbers = |text: &str| -> Option<Vec<u64>> {
        let text = text.strip_prefix('v').unwrap_or(text);
        text.split('.').map(|n| n.parse().ok()).collect()
    };
    let (mut left, mut right) = (numbers(left)?, numbers(right)?);
    let length = left.len().max(right.len());
    left.resize(length, 0);
    right.resize(length, 0);
    Some(left.cmp(&right))
}

#[cfg(test)]
mod tests {
    use super::dotted;
    use std::cmp::Ordering;

    #[test]
    fn numbers_count_and_letters_are_not_guessed_at() {
        assert_eq!(dotted("1.10", "1.9.3"), Some(Ordering::Greater));
        assert_eq!(dotted("v1.0", "1"), Some(Ordering::Equal));
        assert_eq!(dotted("1.0-beta", "1.0"), None);
        assert_eq!(dotted("", "1"), None);
    }
}
