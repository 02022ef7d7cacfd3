//! One block a signature: what it is worth, when, by whom, by which chain.

use std::io;

use super::head::short;
use super::page::{Page, Tone};
use super::words::{countries, digest, handles, kind, shown, validation};
use crate::report::json::words::{
    Integrity, Position, RevocationStatus, Role, Signing, Status, TimestampStatus, TrustStatus,
};
use crate::report::json::{Report, Signature, Subject, Timestamp};

pub(super) fn write(
    report: &Report,
    subject: &Subject,
    verbosity: u8,
    page: &mut Page<'_>,
) -> io::Result<()> {
    if subject.signatures.is_empty() && subject.signing == Signing::None && subject.error.is_none()
    {
        return Ok(());
    }
    if subject.signatures.is_empty() {
        let why = match &subject.error {
            None => "the file carries no signature that was read",
            Some(_) => "not examined",
        };
        return page.toned_row("Signature", (Tone::Bad, "none"), why);
    }
    let several = subject.signatures.len() > 1;
    for (i, signature) in subject.signatures.iter().enumerate() {
        if i > 0 {
            page.blank()?;
        }
        one(report, signature, several, verbosity, page)?;
    }
    Ok(())
}

fn one(
    report: &Report,
    signature: &Signature,
    several: bool,
    verbosity: u8,
    page: &mut Page<'_>,
) -> io::Result<()> {
    let label = if several {
        format!("Signature {}", shown(&signature.id))
    } else {
        "Signature".to_owned()
    };
    page.toned_row(&label, state(signature), &what(signature))?;
    times(report, signature, page)?;
    signer(report, signature, page)?;
    let (tone, word) = trust(signature.trust.status);
    page.toned_row("Trust", (tone, word), &trust_text(report, signature))?;
    let revocation = match signature.revocation.status {
        RevocationStatus::Good => (Tone::Good, "good"),
        RevocationStatus::Revoked => (Tone::Bad, "revoked"),
        RevocationStatus::Unknown => (Tone::Look, "unknown"),
        RevocationStatus::NotChecked => (Tone::Look, "not checked"),
    };
    let mut reason = shown(&signature.revocation.reason);
    if let Some(at) = &signature.revocation.revoked_at {
        reason.push_str(&format!("; since {}", shown(at)));
    }
    page.toned_row("Revocation", revocation, &reason)?;
    if verbosity > 0 {
        chain(report, signature, page)?;
    }
    Ok(())
}

/// Integrity and trust in one word, for the eye; the JSON keeps them apart.
pub(super) fn state(signature: &Signature) -> (Tone, &'static str) {
    match signature.integrity {
        Integrity::Invalid => (Tone::Bad, "invalid"),
        Integrity::Unverifiable => (Tone::Look, "unverifiable"),
        Integrity::Valid => match signature.trust.status {
            TrustStatus::Trusted => (Tone::Good, "valid"),
            TrustStatus::NotChecked => (Tone::Look, "intact"),
            TrustStatus::Unknown => (Tone::Look, "unknown"),
            TrustStatus::Untrusted
            | TrustStatus::Expired
            | TrustStatus::Revoked
            | TrustStatus::Distrusted => trust(signature.trust.status),
        },
    }
}

fn what(signature: &Signature) -> String {
    let mut text = match signature.scheme.as_str() {
        "authenticode" => "Authenticode".to_owned(),
        other => shown(other),
    };
    if let Some(algorithm) = &signature.digest_algorithm {
        text.push_str(&format!(" {}", digest(algorithm)));
    }
    let position = match (signature.position, signature.position_index) {
        (Position::Primary, _) => None,
        (Position::ExtraEntry, Some(n)) => Some(format!("entry {n} of the certificate table")),
        (Position::ExtraEntry, None) => Some("a further entry of the certificate table".to_owned()),
        (Position::Nested, _) => Some("nested in another signature".to_owned()),
        (Position::Orphan, _) => Some("in the file, but nothing points to it".to_owned()),
        (Position::Catalog, _) => Some("in a catalog".to_owned()),
    };
    if let Some(position) = position {
        text.push_str(&format!(", {position}"));
    }
    match signature.integrity {
        Integrity::Valid => match signature.trust.status {
            TrustStatus::Trusted | TrustStatus::NotChecked => {}
            TrustStatus::Untrusted => text.push_str("; the bytes match, the chain is not trusted"),
            TrustStatus::Expired => text.push_str("; the bytes match, a certificate had expired"),
            TrustStatus::Revoked => text.push_str("; the bytes match, a certificate is revoked"),
            TrustStatus::Distrusted => {
                text.push_str("; the bytes match, the programme withdrew its trust")
            }
            TrustStatus::Unknown => {
                text.push_str("; the bytes match, trust could not be established")
            }
        },
        Integrity::Invalid | Integrity::Unverifiable => {
            let reasons = signature.integrity_reasons.join(", ");
            text.push_str(&format!("; {}", shown(&reasons)));
        }
    }
    match signature.page_hashes.as_ref().map(|p| p.status) {
        None => {}
        Some(Status::Pass) => text.push_str("; page hashes match"),
        Some(Status::Fail | Status::Review | Status::Unknown) => {
            text.push_str("; page hashes do not match");
        }
    }
    text
}

fn times(report: &Report, signature: &Signature, page: &mut Page<'_>) -> io::Result<()> {
    let time = &signature.time;
    let mut label = "Signed at";
    for timestamp in &time.attested {
        page.row(label, &timestamp_text(report, timestamp))?;
        label = "";
    }
    if time
        .attested
        .iter()
        .all(|t| t.status != TimestampStatus::Valid)
    {
        if let Some(claimed) = &time.claimed {
            page.row(
                label,
                &format!("{}  claimed by the signer, not attested", instant(claimed)),
            )?;
        } else if time.attested.is_empty() {
            page.row(label, "not stated")?;
        }
        let basis = format!(
            "judged at {}: {}",
            instant(&time.basis.at),
            shown(&time.basis.why)
        );
        page.row("", &basis)?;
    }
    Ok(())
}

fn timestamp_text(report: &Report, timestamp: &Timestamp) -> String {
    let at = timestamp
        .at
        .as_deref()
        .map_or_else(|| "no time stated".to_owned(), instant);
    let by = timestamp
        .by
        .as_ref()
        .and_then(|id| report.parties.get(id))
        .map(|p| p.name.as_str())
        .or_else(|| {
            let id = timestamp.certificate.as_ref()?;
            Some(report.certificates.get(id)?.common_name())
        });
    let mut text = format!("{at}  ({}", kind(timestamp.kind));
    if let Some(by) = by {
        text.push_str(&format!(", {}", shown(by)));
    }
    text.push_str(match timestamp.status {
        TimestampStatus::Valid => "; valid)",
        TimestampStatus::Untrusted => "; ",
        TimestampStatus::Unverifiable => "; unverifiable: ",
        TimestampStatus::Invalid => "; invalid: ",
    });
    if timestamp.status != TimestampStatus::Valid {
        text.push_str(&format!("{})", shown(&timestamp.reason)));
    }
    text
}

/// RFC 3339 with a space between date and time, which section 5.6 allows for readability.
pub(super) fn instant(rfc3339: &str) -> String {
    shown(rfc3339).replacen('T', " ", 1)
}

fn signer(report: &Report, signature: &Signature, page: &mut Page<'_>) -> io::Result<()> {
    let Some(party) = signature
        .signer
        .as_ref()
        .and_then(|id| report.parties.get(id))
    else {
        return page.toned_row("Signer", (Tone::Look, "unknown"), "no certificate names it");
    };
    let mut text = shown(&party.name);
    let codes = countries(party);
    if !codes.is_empty() {
        text.push_str(&format!(", {codes}"));
    }
    if party.roles.contains(&Role::ClaimedSigner) {
        text.push_str("  [claimed: the signature does not prove it]");
    } else {
        text.push_str(&format!("  [{}]", validation(party.validation)));
    }
    page.row("Signer", &text)?;
    if let Some(vendor) = &party.vendor {
        let lead = if vendor.verified {
            ""
        } else {
            "; a lead, not cited"
        };
        page.row(
            "Known as",
            &format!(
                "{} ({}/{}; {}: {}{lead}){}",
                shown(&vendor.name),
                shown(&vendor.slug),
                shown(&vendor.entity),
                vendor.tier.name(),
                shown(&vendor.rule),
                handles(&vendor.evidence, 0),
            ),
        )?;
    }
    let program = signature
        .opus
        .as_ref()
        .and_then(|o| o.program_name.as_ref());
    if let Some(program) = program {
        page.row(
            "Program name",
            &format!("{}  (typed in by the signer)", shown(program)),
        )?;
    }
    Ok(())
}

fn trust(status: TrustStatus) -> (Tone, &'static str) {
    match status {
        TrustStatus::Trusted => (Tone::Good, "trusted"),
        TrustStatus::Untrusted => (Tone::Bad, "untrusted"),
        TrustStatus::Expired => (Tone::Bad, "expired"),
        TrustStatus::Revoked => (Tone::Bad, "revoked"),
        TrustStatus::Distrusted => (Tone::Bad, "distrusted"),
        TrustStatus::Unknown => (Tone::Look, "unknown"),
        TrustStatus::NotChecked => (Tone::Look, "not checked"),
    }
}

fn trust_text(report: &Report, signature: &Signature) -> String {
    let issuers: Vec<String> = signature
        .chain
        .iter()
        .skip(1)
        .filter_map(|id| report.certificates.get(id))
        .map(|c| shown(c.common_name()))
        .collect();
    let programme = shown(&signature.trust.programme);
    match signature.trust.status {
        TrustStatus::Trusted if !issuers.is_empty() => {
            format!("{programme}: {}", issuers.join(" → "))
        }
        _ => format!("{programme}: {}", shown(&signature.trust.reason)),
    }
}

fn chain(report: &Report, signature: &Signature, page: &mut Page<'_>) -> io::Result<()> {
    let mut label = "Chain";
    for id in &signature.chain {
        let Some(certificate) = report.certificates.get(id) else {
            page.row(label, &format!("{}  (not in this report)", short(id)))?;
            label = "";
            continue;
        };
        page.row(label, &shown(&certificate.subject))?;
        label = "";
        let key = certificate.key.as_ref().map_or_else(String::new, |k| {
            let size = k.bits.map_or_else(String::new, |b| format!(" {b}"));
            format!("{}{size}, ", shown(&k.algorithm))
        });
        page.block(
            18,
            &format!(
                "{key}{} to {}, serial {}, sha256 {}",
                day(&certificate.validity.not_before),
                day(&certificate.validity.not_after),
                shown(&certificate.serial),
                short(id)
            ),
        )?;
    }
    Ok(())
}

/// The day of a time.
pub(super) fn day(rfc3339: &str) -> String {
    shown(rfc3339.get(..10).unwrap_or(rfc3339))
}
