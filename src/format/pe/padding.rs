//! Data that no signature covers, beside the ones that are there: what follows the PKCS #7 in its slot (CVE-2013-3900), and
//! what follows the certificate table.

use crate::format::look::{Look, bytes};
use crate::format::pe::findings::UNAUTHENTICATED_DATA_IN_WINCERT;
use crate::model::extract::RawSignature;
use crate::model::finding::{Finding, Status};

/// Zeros that round an entry up to eight bytes are padding; EnableCertPaddingCheck takes no more.
const MAX_PADDING: usize = 7;

/// What is wrong with the padding of a certificate table slot whose PKCS #7 is `encoded_len` bytes long: nothing where it is
/// at most seven zeros.
pub fn unauthenticated(signature: &RawSignature, encoded_len: usize) -> Vec<Finding> {
    let rest = signature.bytes.get(encoded_len..).unwrap_or_default();
    if rest.len() <= MAX_PADDING && rest.iter().all(|b| *b == 0) {
        return Vec::new();
    }
    let start = u64::try_from(encoded_len).map_or(signature.span.end, |len| {
        signature.span.start.saturating_add(len)
    });
    let span = start..signature.span.end;
    let look = Look::at(rest);
    let message = format!(
        "{} bytes at offset {start} follow the signature inside its slot: {}",
        rest.len(),
        look.description
    );
    let finding =
        Finding::new(&UNAUTHENTICATED_DATA_IN_WINCERT, Status::Review, message).with(bytes(&span));
    [finding].into_iter().chain(look.polyglot(&span)).collect()
}

#[cfg(test)]
mod tests {
    use super::unauthenticated;
    use crate::format::pe::IMAGE;
    use crate::model::extract::{Coverage, RawSignature};
    use crate::model::signature::Position;

    fn ids(slot: &[u8], encoded_len: usize) -> Vec<&'static str> {
        let signature = RawSignature::cms(
            &IMAGE,
            Position::Primary,
            1000..1000 + slot.len() as u64,
            slot.to_vec(),
            Coverage::default(),
        );
        unauthenticated(&signature, encoded_len)
            .iter()
            .map(|f| f.definition.id)
            .collect()
    }

    #[test]
    fn seven_zeros_are_padding_and_anything_else_is_flagged() {
        assert!(ids(b"CMS", 3).is_empty());
        assert!(ids(b"CMS\0\0\0\0\0\0\0", 3).is_empty());
        assert_eq!(
            ids(b"CMS\0\0\0\0\0\0\0\0", 3),
            ["unauthenticated-data-in-wincert"]
        );
        assert_eq!(ids(b"CMS\x01", 3), ["unauthenticated-data-in-wincert"]);
        assert_eq!(
            ids(b"CMS <HTML><HTA:Application id=x>", 3),
            ["unauthenticated-data-in-wincert", "polyglot"]
        );
    }
}
