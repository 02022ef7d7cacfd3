//! The first PEM block of a text (RFC 7468): log entries carry keys and certificates so.

use crate::base::base64;

/// Label and contents of the first block.
pub fn decode(text: &[u8]) -> Option<(String, Vec<u8>)> {
    let text = std::str::from_utf8(text).ok()?;
    let (_, after) = text.split_once("-----BEGIN ")?;
    let (label, after) = after.split_once("-----")?;
    let (digits, _) = after.split_once(&format!("-----END {label}-----"))?;
    Some((label.to_owned(), base64::decode(digits)?))
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn the_label_at_both_ends_is_the_same() {
        let text = b"-----BEGIN PUBLIC KEY-----\nZm9v\n-----END PUBLIC KEY-----\n";
        assert_eq!(decode(text), Some(("PUBLIC KEY".into(), b"foo".to_vec())));
        assert_eq!(
            decode(b"-----BEGIN PUBLIC KEY-----\nZm9v\n-----END CERTIFICATE-----\n"),
            None
        );
        assert_eq!(decode(b"Zm9v"), None);
    }
}
