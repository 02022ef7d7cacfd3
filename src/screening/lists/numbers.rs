//! Labels of numbers in lists, to the schemes that parties have.

use super::MAX_VALUES;
use super::country;
use crate::base::records::delimited::fold;
use crate::model::list::{ListEntry, ListedNumber};

/// Scheme by the list's label, folded; what is in no register of companies is `other`.
fn scheme(label: &str, country: Option<&str>, value: &str) -> &'static str {
    let digits =
        |count: &[usize]| count.contains(&value.len()) && value.bytes().all(|b| b.is_ascii_digit());
    let russian = country == Some("RU");
    match label {
        // ИНН: ten digits of companies, twelve of persons.
        "taxidno" | "taxidnumber" | "taxid" | "taxidentificationnumber" | "inn" | "inncode"
            if (russian || label.starts_with("inn")) && digits(&[10, 12]) =>
        {
            "inn"
        }
        "ogrn" | "ogrncode" | "primarystateregistrationnumber" => "ogrn",
        // ОГРН: thirteen digits of companies, fifteen of sole traders.
        "registrationnumber"
        | "registrationid"
        | "businessregistrationnumber"
        | "publicregistrationnumber"
        | "stateregistrationnumber"
        | "companynumber"
            if russian && digits(&[13, 15]) =>
        {
            "ogrn"
        }
        "registrationnumber"
        | "registrationid"
        | "businessregistrationnumber"
        | "publicregistrationnumber"
        | "stateregistrationnumber"
        | "companynumber"
        | "commercialregistrynumber"
        | "businessregistrationdocument"
        | "ukcompanynumber"
        | "certificateofincorporationnumber"
        | "chamberofcommercenumber"
        | "crno"
        | "unifiedsocialcreditcodeuscc"
        | "unifiedsocialcreditcode"
        | "regnumber" => "registration-number",
        "vatnumber" | "vat" => "vat",
        "legalentitynumber" | "lei" | "leicode" | "legalentityidentifier" => "lei",
        "swiftbic" | "bic" | "swift" => "bic",
        "dunsnumber" | "duns" => "duns",
        "vesselregistrationidentificationimo"
        | "vesselregistrationidentification"
        | "imo"
        | "imonumber" => "imo",
        "website" | "websites" => "website",
        "linkedto" => "linked-to",
        _ => "other",
    }
}

/// Adds a number with the label that the list gives it.
pub(super) fn add(entry: &mut ListEntry, label: &str, value: &str, country: Option<&str>) {
    let (label, value) = (label.trim(), value.trim());
    if value.is_empty() || entry.numbers.len() >= MAX_VALUES {
        return;
    }
    let plain = label.strip_prefix("alt. ").unwrap_or(label);
    let folded = fold(plain);
    let mut value = value.to_owned();
    // `V.A.T. Number CHE-…`, `IMO 8898831`: the prefix names no number.
    if folded.contains("imo") || folded == "vesselregistrationidentification" {
        value = value.trim_start_matches("IMO").trim().to_owned();
    }
    let mut country = country.and_then(country::code);
    let scheme = if folded == "ukcompanynumber" {
        country = Some("GB".into());
        "registration-number"
    } else {
        scheme(&folded, country.as_deref(), &value)
    };
    if country.is_none() && matches!(scheme, "inn" | "ogrn") {
        country = Some("RU".into());
    }
    let number = ListedNumber {
        scheme: scheme.into(),
        label: label.into(),
        value,
        country,
    };
    // A register number of Russia is known by both words.
    if scheme == "ogrn" {
        let mut same = number.clone();
        same.scheme = "registration-number".into();
        entry.numbers.push(same);
    }
    if !entry.numbers.contains(&number) {
        entry.numbers.push(number);
    }
}

/// Adds a country by its name or code, once; what is none is left out.
pub(super) fn add_country(entry: &mut ListEntry, text: &str) {
    if let Some(code) = country::code(text)
        && entry.countries.len() < MAX_VALUES
        && !entry.countries.contains(&code)
    {
        entry.countries.push(code);
    }
}
