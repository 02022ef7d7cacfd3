//! The words that people read for the words of the schema.

use unicode_script::{Script, UnicodeScript};

use crate::base::text;
use crate::report::json::Party;
use crate::report::json::handle::EvidenceId;
use crate::report::json::words::{Aspect, Role, Status, TimestampKind, Validation};

use super::page::Tone;

pub(super) fn kind(kind: TimestampKind) -> &'static str {
    match kind {
        TimestampKind::Rfc3161 => "RFC 3161",
        TimestampKind::Authenticode => "countersignature",
        TimestampKind::LegacyBareDigest => "countersignature over a bare digest",
    }
}

pub(super) fn validation(validation: Validation) -> &'static str {
    match validation {
        Validation::Extended => "extended validation",
        Validation::Organization => "organisation validated",
        Validation::Individual => "individual",
        Validation::Platform => "the platform's own authority",
        Validation::Unknown => "validation not stated",
    }
}

pub(super) fn aspect(aspect: Aspect) -> &'static str {
    match aspect {
        Aspect::Incorporation => "Incorporated in",
        Aspect::PlaceOfBusiness => "Place of business",
        Aspect::Owner => "Owner",
        Aspect::Controller => "Controller",
        Aspect::PkiOperator => "Certificate authority",
        Aspect::TsaOperator => "Timestamp authority",
        Aspect::NetworkHolder => "Network registered to",
        Aspect::NetworkLocation => "Geolocated in",
        Aspect::DomainRegistry => "Domain registry",
        Aspect::Registrar => "Registrar",
        Aspect::HostingOperator => "Hosting operator",
        Aspect::Listing => "Listed by",
        Aspect::VendorStatement => "Vendor's statement",
    }
}

pub(super) fn role(role: Role) -> &'static str {
    match role {
        Role::Signer => "signer",
        Role::CoSigner => "co-signer",
        Role::ClaimedSigner => "claimed signer",
        Role::CertificateAuthority => "certificate authority",
        Role::TimestampAuthority => "timestamp authority",
        Role::DeclaredVendor => "declared maker",
    }
}

/// The mark before a finding: never colour alone.
pub(super) fn mark(status: Status) -> (Tone, &'static str) {
    match status {
        Status::Fail => (Tone::Bad, "!"),
        Status::Review => (Tone::Look, "?"),
        Status::Unknown => (Tone::Faint, "-"),
        Status::Pass => (Tone::Good, "+"),
    }
}

pub(super) fn countries(party: &Party) -> String {
    let codes: Vec<String> = party.countries.iter().map(|c| shown(c)).collect();
    codes.join(" ")
}

/// Plays a part in making the file, as against operating an authority.
pub(super) fn stands_behind(party: &Party) -> bool {
    party.roles.iter().any(|r| match r {
        Role::Signer | Role::CoSigner | Role::ClaimedSigner | Role::DeclaredVendor => true,
        Role::CertificateAuthority | Role::TimestampAuthority => false,
    })
}

/// Handles shown after a text unless more is asked for.
const HANDLES: usize = 2;

/// Handles of evidence as they stand after a text, with the space before them: all under `-v`, else the first.
pub(super) fn handles(evidence: &[EvidenceId], verbosity: u8) -> String {
    if evidence.is_empty() {
        return String::new();
    }
    let limit = if verbosity > 0 { usize::MAX } else { HANDLES };
    let mut handles: Vec<String> = evidence
        .iter()
        .take(limit)
        .map(ToString::to_string)
        .collect();
    let more = evidence.len().saturating_sub(limit);
    if more > 0 {
        handles.push(format!("+{more}"));
    }
    format!(" [{}]", handles.join(","))
}

/// Text from outside, safe for a terminal, and with every letter that makes a word look like another shown as its code
/// point: in a word of Latin letters, those of another alphabet (Unicode TR 39 section 5).
pub(super) fn shown(text: &str) -> String {
    let safe = text::shown(text);
    if safe.is_ascii() {
        return safe;
    }
    let mut out = String::with_capacity(safe.len());
    let mut word = String::new();
    for c in safe.chars() {
        if c.is_alphabetic() {
            word.push(c);
        } else {
            end_word(&mut word, &mut out);
            out.push(c);
        }
    }
    end_word(&mut word, &mut out);
    out
}

fn end_word(word: &mut String, out: &mut String) {
    let latin = word.chars().any(|c| c.script() == Script::Latin);
    for c in word.drain(..) {
        if latin && is_other_alphabet(c) {
            out.push_str(&format!("\\u{{{:x}}}", u32::from(c)));
        } else {
            out.push(c);
        }
    }
}

/// Scripts of East Asia stand beside Latin letters without a space in honest names.
fn is_other_alphabet(c: char) -> bool {
    !matches!(
        c.script(),
        Script::Latin
            | Script::Common
            | Script::Inherited
            | Script::Han
            | Script::Hiragana
            | Script::Katakana
            | Script::Hangul
            | Script::Bopomofo
    )
}

/// A digest algorithm as people write it.
pub(super) fn digest(name: &str) -> String {
    let upper = shown(name).to_uppercase();
    match upper.strip_prefix("SHA") {
        Some(size) => format!("SHA-{size}"),
        None => upper,
    }
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn a_foreign_letter_inside_a_latin_word_is_shown_as_its_code_point() {
        assert_eq!(
            shown("Mi\u{441}rosoft Corporation"),
            "Mi\\u{441}rosoft Corporation"
        );
        for honest in [
            "АО «Лаборатория Касперского»",
            "華為Huawei",
            "Müller & Søn",
            "Primer ООО",
        ] {
            assert_eq!(shown(honest), honest);
        }
    }
}
