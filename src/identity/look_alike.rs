//! Names that pass for another by look-alike letters (Unicode TR 39 section 4), as far as that serves to disguise a company.
//!
//! That a name mixes scripts, or holds controls and markup, is said by `verify::path` for every certificate of a chain; here it
//! is what the signer's name reads as.

use unicode_script::{Script, UnicodeScript as _};

use super::findings;
use super::name::{look_alike, normalise};
use super::subject;
use crate::model::certificate::Certificate;
use crate::model::evidence::{Evidence, Source};
use crate::model::finding::{Finding, Status};

/// Words of the subject that read as another word.
pub(super) fn findings(certificate: &Certificate, source: Source) -> Vec<Finding> {
    certificate
        .subject
        .attributes
        .iter()
        .flat_map(|attribute| {
            disguises(&attribute.value).into_iter().map(move |reads| {
                let label = subject::label(attribute);
                Finding::new(
                    &findings::HOMOGLYPH_IN_NAME,
                    Status::Review,
                    format!("a word in {label} of the subject reads as `{reads}` and is not"),
                )
                .with(Evidence::certificate(
                    source,
                    certificate.id,
                    &format!("subject.{label}"),
                    attribute.value.as_str(),
                ))
            })
        })
        .collect()
}

/// Scripts whose letters pass for Latin ones. Han, Kana, Hangul and others stand beside Latin in honest names.
fn is_confusable(script: Script) -> bool {
    matches!(
        script,
        Script::Cyrillic | Script::Greek | Script::Armenian | Script::Cherokee | Script::Coptic
    )
}

/// What each disguised word reads as. A word is disguised where it mixes Latin with look-alikes, or where it is made of
/// look-alikes only and stands among Latin words.
fn disguises(value: &str) -> Vec<String> {
    let words: Vec<&str> = value
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .collect();
    let is_latin = |word: &str| word.chars().any(|c| c.script() == Script::Latin);
    let latin_beside = words.iter().any(|w| is_latin(w));
    words
        .iter()
        .filter(|word| word.chars().any(|c| is_confusable(c.script())))
        .filter(|word| {
            is_latin(word)
                || (latin_beside
                    && word.chars().count() >= 3
                    && word.chars().all(|c| look_alike(c).is_some())
                    && !is_legal_form(word))
        })
        .map(|word| word.chars().map(|c| look_alike(c).unwrap_or(c)).collect())
        .collect()
}

/// ООО and ОАО are legal forms that happen to look Latin.
fn is_legal_form(word: &str) -> bool {
    normalise(&format!("{word} x")).has_form()
}

#[cfg(test)]
mod tests {
    use super::disguises;

    #[test]
    fn a_disguised_word_shows_what_it_reads_as() {
        assert_eq!(disguises("Micros\u{43e}ft Corporation"), ["Microsoft"]);
        assert_eq!(
            disguises("\u{421}\u{430}\u{440}\u{435} Software Ltd"),
            ["Cape"]
        );
    }

    #[test]
    fn honest_names_of_two_scripts_are_left_alone() {
        for name in [
            "ООО Kaspersky Lab",
            "ООО «Доктор Веб» (Doctor Web)",
            "АО АСТ",
            "ABC株式会社",
            "株式会社LAC",
            "Ελλάς AE",
            "成都密思听科技有限公司",
            "µTorrent Inc",
            "",
        ] {
            assert_eq!(disguises(name), [""; 0], "{name}");
        }
    }
}
