//! organizationIdentifier (2.5.4.97) and the extension that must agree with it.
//!
//! ETSI EN 319 412-1 section 5.1.4, EV Guidelines section 9.2.8 and S/MIME BR appendix A: `SSSCC[+SUB]-REFERENCE`, split at
//! the *first* hyphen because references contain hyphens; `GOV` has no reference.

use crate::base::der::{Reader, tag};

/// An organizationIdentifier, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganizationIdentifier {
    /// `NTR`, `VAT`, `PSD`, `LEI`, `GOV`, `INT`, or another of three letters.
    pub scheme: String,
    /// ISO 3166-1 alpha-2, `EL` and `XI` for VAT, `XG` for global schemes.
    pub country: String,
    /// State or province code.
    pub subdivision: Option<String>,
    /// The reference; empty for `GOV` and `INT` without one.
    pub reference: String,
}

impl OrganizationIdentifier {
    /// Takes the attribute's text apart.
    pub fn parse(text: &str) -> Option<Self> {
        let (head, reference) = match text.split_once('-') {
            Some((head, reference)) => (head, reference.trim()),
            None => (text, ""),
        };
        let (scheme, place) = head.split_at_checked(3)?;
        let (country, subdivision) = match place.split_once('+') {
            Some((country, part)) => (country, Some(part.to_owned())),
            None => (place, None),
        };
        let letters = |s: &str, n| s.len() == n && s.bytes().all(|b| b.is_ascii_uppercase());
        let bare = matches!(scheme, "GOV" | "INT");
        let shape = letters(scheme, 3)
            && letters(country, 2)
            && subdivision.as_deref().is_none_or(|s| !s.is_empty())
            && (bare || !reference.is_empty());
        shape.then(|| Self {
            scheme: scheme.to_owned(),
            country: country.to_owned(),
            subdivision,
            reference: reference.to_owned(),
        })
    }

    /// Reads cabfOrganizationIdentifier: SEQUENCE { scheme PrintableString(3), country PrintableString(2),
    /// state \[0\] IMPLICIT PrintableString OPTIONAL, reference UTF8String }.
    pub(super) fn from_extension(value: &[u8]) -> Option<Self> {
        let mut fields = Reader::der(value)
            .expect(tag::SEQUENCE, "expected CABFOrganizationIdentifier")
            .ok()?
            .reader();
        let text = |bytes: &[u8]| std::str::from_utf8(bytes).ok().map(str::to_owned);
        let scheme = text(fields.expect(tag::PRINTABLE_STRING, "scheme").ok()?.value)?;
        let country = text(fields.expect(tag::PRINTABLE_STRING, "country").ok()?.value)?;
        let subdivision = match fields.optional(tag::context(0)).ok()? {
            Some(state) => Some(text(state.value)?),
            None => None,
        };
        let reference = text(fields.expect(tag::UTF8_STRING, "reference").ok()?.value)?;
        fields.finish().ok()?;
        Some(Self {
            scheme,
            country,
            subdivision,
            reference,
        })
    }

    /// The ISO 3166-1 country behind the scheme's code; none for global schemes.
    pub fn iso_country(&self) -> Option<&str> {
        match self.country.as_str() {
            // Council Directive 2006/112/EC article 215 and its amendment for Northern Ireland.
            "EL" => Some("GR"),
            "XI" => Some("GB"),
            "XG" => None,
            other => Some(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::OrganizationIdentifier;

    #[test]
    fn the_first_hyphen_ends_the_scheme_and_references_keep_theirs() {
        let parse = |text| OrganizationIdentifier::parse(text);
        let id = parse("NTRFI-2637805-2").unwrap();
        assert_eq!(
            (id.country.as_str(), id.reference.as_str()),
            ("FI", "2637805-2")
        );
        let id = parse("NTRUS+CA-12345678").unwrap();
        assert_eq!(
            (
                id.country.as_str(),
                id.subdivision.as_deref(),
                id.reference.as_str()
            ),
            ("US", Some("CA"), "12345678")
        );
        assert_eq!(parse("VATEL-123456789").unwrap().iso_country(), Some("GR"));
        assert_eq!(
            parse("LEIXG-529900T8BM49AURSDO55").unwrap().iso_country(),
            None
        );
        assert_eq!(parse("GOVUS+CA").unwrap().reference, "");
        for bad in [
            "", "NTR", "NTRGB", "NTRGB-", "ntrgb-1", "NTRG-1", "NTRGB+-1", "НТР-1", "04249748",
        ] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }
}
