//! Scripts and look-alikes (Unicode TR 39), as far as they serve to disguise one company's name as another's.

use unicode_script::{Script, UnicodeScript as _};

use super::name::normalise;

/// What a value's letters disguise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Disguise {
    /// One word mixes Latin with a script that has look-alikes; what it reads as.
    Mixed(String),
    /// A word among Latin ones is made of another script's look-alikes only; what it reads as.
    LookAlike(String),
}

/// Scripts whose letters pass for Latin ones. Han, Kana, Hangul and others stand beside Latin in honest names.
fn is_confusable(script: Script) -> bool {
    matches!(
        script,
        Script::Cyrillic | Script::Greek | Script::Armenian | Script::Cherokee | Script::Coptic
    )
}

/// Looks for disguise, word by word.
pub(super) fn disguises(value: &str) -> Vec<Disguise> {
    let words: Vec<&str> = value
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .collect();
    let latin_beside = words
        .iter()
        .any(|w| w.chars().any(|c| c.script() == Script::Latin));
    words
        .iter()
        .filter_map(|word| {
            let latin = word.chars().any(|c| c.script() == Script::Latin);
            let other = word.chars().any(|c| is_confusable(c.script()));
            if latin && other {
                return Some(Disguise::Mixed(skeleton(word)));
            }
            let look_alike = other
                && latin_beside
                && word.chars().count() >= 3
                && word.chars().all(|c| look_alike(c).is_some());
            // ООО and ОАО are legal forms that happen to look Latin.
            let form = !normalise(&format!("{word} x")).forms.is_empty();
            (look_alike && !form).then(|| Disguise::LookAlike(skeleton(word)))
        })
        .collect()
}

/// The word with every look-alike replaced by the Latin letter it passes for.
fn skeleton(word: &str) -> String {
    word.chars().map(|c| look_alike(c).unwrap_or(c)).collect()
}

/// The Latin letter that a Cyrillic or Greek one passes for.
fn look_alike(c: char) -> Option<char> {
    Some(match c {
        'а' | 'α' => 'a',
        'с' | 'ϲ' => 'c',
        'ԁ' => 'd',
        'е' | 'ё' => 'e',
        'һ' => 'h',
        'і' | 'ї' | 'ι' => 'i',
        'ј' => 'j',
        'к' | 'κ' => 'k',
        'ӏ' => 'l',
        'о' | 'ο' | 'σ' => 'o',
        'р' | 'ρ' => 'p',
        'ԛ' => 'q',
        'ѕ' => 's',
        'υ' => 'u',
        'ν' => 'v',
        'ԝ' | 'ω' => 'w',
        'х' | 'χ' => 'x',
        'у' | 'γ' => 'y',
        'А' | 'Α' => 'A',
        'В' | 'Β' => 'B',
        'С' | 'Ϲ' => 'C',
        'Е' | 'Ε' | 'Ё' => 'E',
        'Н' | 'Η' => 'H',
        'І' | 'Ι' | 'Ӏ' => 'I',
        'Ј' => 'J',
        'К' | 'Κ' => 'K',
        'М' | 'Μ' => 'M',
        'Ν' => 'N',
        'О' | 'Ο' => 'O',
        'Р' | 'Ρ' => 'P',
        'Ѕ' => 'S',
        'Т' | 'Τ' => 'T',
        'У' | 'Υ' => 'Y',
        'Х' | 'Χ' => 'X',
        'Ζ' => 'Z',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{Disguise, disguises};

    #[test]
    fn a_disguised_word_shows_what_it_reads_as() {
        assert_eq!(
            disguises("Micros\u{43e}ft Corporation"),
            [Disguise::Mixed("Microsoft".into())]
        );
        assert_eq!(
            disguises("\u{421}\u{430}\u{440}\u{435} Software Ltd"),
            [Disguise::LookAlike("Cape".into())]
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
            assert_eq!(disguises(name), [], "{name}");
        }
    }
}
