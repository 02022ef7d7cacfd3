//! What a name reads as (Unicode TR 39 section 4), as far as that serves to pass for a company: letters of other scripts inside Latin
//! words, and digits or pairs of letters that look like another letter.

use unicode_script::{Script, UnicodeScript as _};

use super::fold::fold;
use super::forms::peel;
use super::words;

/// The joined words of `name` as an eye reads them. `honest` are its words as letters say.
pub(super) fn reads_as(name: &str, honest: &[String]) -> String {
    if name.is_ascii() {
        return honest.iter().map(|word| of_word(word)).collect();
    }
    let mut seen = String::with_capacity(name.len());
    for part in name.split_inclusive(|c: char| !c.is_alphanumeric()) {
        let latin = part.chars().any(|c| c.script() == Script::Latin);
        seen.extend(
            part.chars()
                .map(|c| if latin { look_alike(c).unwrap_or(c) } else { c }),
        );
    }
    words::canonical(&peel(&fold(&seen)).0)
        .iter()
        .map(|word| of_word(word))
        .collect()
}

/// A word mixes Latin letters with ones that pass for Latin: honest spellings are of one script.
pub(super) fn is_disguised(name: &str) -> bool {
    !name.is_ascii()
        && name.split(|c: char| !c.is_alphanumeric()).any(|word| {
            word.chars().any(|c| c.script() == Script::Latin)
                && word.chars().any(|c| look_alike(c).is_some())
        })
}

/// Digits inside a word, and the pairs that run together in print. A number is left alone.
fn of_word(word: &str) -> String {
    if !word.contains(['0', '1', '5']) && !word.contains("rn") && !word.contains("vv") {
        return word.to_owned();
    }
    if words::is_number(word) && !word.chars().any(char::is_alphabetic) {
        return word.to_owned();
    }
    word.chars()
        .map(|c| match c {
            '0' => 'o',
            '1' => 'l',
            '5' => 's',
            other => other,
        })
        .collect::<String>()
        .replace("rn", "m")
        .replace("vv", "w")
}

/// The Latin letter that a Cyrillic or Greek one passes for.
pub fn look_alike(c: char) -> Option<char> {
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
