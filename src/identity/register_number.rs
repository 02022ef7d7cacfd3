//! Check digits of register numbers, for the schemes that have them.

/// Whether the check digits of `value` hold; `None` where the scheme has none that are known here.
///
/// Unified social credit identifier: GB 32100-2015. ИНН and ОГРН as the tax service checks them.
/// Organisationsnummer: Luhn (ISO/IEC 7812-1). IČO, Y-tunnus and UID: modulus 11.
pub fn check(scheme: &str, value: &str) -> Option<bool> {
    let number = super::identifiers::normal_number(value);
    let digits: Option<Vec<u32>> = number.chars().map(|c| c.to_digit(10)).collect();
    match scheme {
        "CN-USCC" => Some(uscc(&number)),
        "CH-UID" => Some(
            number
                .strip_prefix("CHE")
                .and_then(|rest| rest.chars().map(|c| c.to_digit(10)).collect())
                .is_some_and(|d: Vec<u32>| modulus_11(&d, &[5, 4, 3, 2, 7, 6, 5, 4])),
        ),
        "RU-INN" => Some(digits.is_some_and(|d| inn(&d))),
        "RU-OGRN" => Some(digits.is_some_and(|d| ogrn(&d))),
        "CZ-ICO" | "SK-ICO" => Some(digits.is_some_and(|d| ico(&d))),
        "FI-YTJ" => Some(digits.is_some_and(|d| modulus_11(&d, &[7, 9, 10, 5, 8, 4, 2]))),
        "SE-BLV" => Some(digits.is_some_and(|d| d.len() == 10 && luhn(&d))),
        _ => None,
    }
}

fn weighted(digits: &[u32], weights: &[u32]) -> Option<u32> {
    digits
        .iter()
        .zip(weights)
        .try_fold(0u32, |sum, (d, w)| sum.checked_add(d.checked_mul(*w)?))
}

/// The last digit is 11 less the weighted sum modulo 11; a rest of 1 is never given out.
fn modulus_11(digits: &[u32], weights: &[u32]) -> bool {
    let Some((check, body)) = digits.split_last() else {
        return false;
    };
    body.len() == weights.len()
        && match weighted(body, weights).map(|sum| sum % 11) {
            Some(0) => *check == 0,
            Some(1) | None => false,
            Some(rest) => 11u32.checked_sub(rest) == Some(*check),
        }
}

/// IČO: the check digit is 11 less the rest, 10 and 11 giving 0 and 1.
fn ico(digits: &[u32]) -> bool {
    let Some((check, body)) = digits.split_last() else {
        return false;
    };
    body.len() == 7
        && weighted(body, &[8, 7, 6, 5, 4, 3, 2])
            .and_then(|sum| 11u32.checked_sub(sum % 11))
            .is_some_and(|rest| rest % 10 == *check)
}

/// ИНН of a legal person (ten digits) or of a natural one (twelve, two check digits).
fn inn(digits: &[u32]) -> bool {
    const WEIGHTS: [u32; 11] = [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8];
    let holds = |skip: usize, at: usize| {
        let weights: Vec<u32> = WEIGHTS.iter().copied().skip(skip).collect();
        let sum = digits.get(..at).and_then(|body| weighted(body, &weights));
        sum.zip(digits.get(at))
            .is_some_and(|(sum, check)| sum % 11 % 10 == *check)
    };
    match digits.len() {
        10 => holds(2, 9),
        12 => holds(1, 10) && holds(0, 11),
        _ => false,
    }
}

/// ОГРН (thirteen digits, modulus 11) or ОГРНИП (fifteen, modulus 13).
fn ogrn(digits: &[u32]) -> bool {
    let modulus = match digits.len() {
        13 => 11,
        15 => 13,
        _ => return false,
    };
    let Some((check, body)) = digits.split_last() else {
        return false;
    };
    let rest = body.iter().try_fold(0u32, |rest, d| {
        rest.checked_mul(10)?.checked_add(*d)?.checked_rem(modulus)
    });
    rest.is_some_and(|rest| rest % 10 == *check)
}

/// GB 32100-2015: 31 characters without I, O, S, V and Z; weights are the powers of 3 modulo 31.
fn uscc(number: &str) -> bool {
    const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    let values: Option<Vec<u32>> = number
        .chars()
        .map(|c| u32::try_from(ALPHABET.find(c)?).ok())
        .collect();
    let Some(values) = values.filter(|v| v.len() == 18) else {
        return false;
    };
    let Some((check, body)) = values.split_last() else {
        return false;
    };
    let sum = body.iter().try_fold((0u32, 1u32), |(sum, weight), v| {
        let sum = sum.checked_add(v.checked_mul(weight)?)?;
        Some((sum, weight.checked_mul(3)? % 31))
    });
    sum.is_some_and(|(sum, _)| {
        31u32
            .checked_sub(sum % 31)
            .is_some_and(|c| c % 31 == *check)
    })
}

fn luhn(digits: &[u32]) -> bool {
    let sum = digits
        .iter()
        .rev()
        .enumerate()
        .try_fold(0u32, |sum, (i, d)| {
            let part = if i % 2 == 1 {
                let twice = d.checked_mul(2)?;
                if twice > 9 {
                    twice.checked_sub(9)?
                } else {
                    twice
                }
            } else {
                *d
            };
            sum.checked_add(part)
        });
    sum.is_some_and(|sum| sum % 10 == 0)
}

#[cfg(test)]
mod tests {
    use super::check;

    /// Numbers that the registry cites.
    const GOOD: &[(&str, &str)] = &[
        ("CN-USCC", "91510107MA7E8Y2876"),
        ("CH-UID", "CHE-221.440.104"),
        ("CH-UID", "CHE-279.911.859"),
        ("RU-INN", "7718668887"),
        ("RU-OGRN", "1227700436578"),
        ("CZ-ICO", "26502275"),
        ("SK-ICO", "31333532"),
        ("FI-YTJ", "2637805-2"),
        ("SE-BLV", "559278-6668"),
    ];

    #[test]
    fn one_changed_digit_breaks_the_check() {
        for (scheme, good) in GOOD {
            assert_eq!(check(scheme, good), Some(true), "{scheme} {good}");
            for (i, c) in good.char_indices().filter(|(_, c)| c.is_ascii_digit()) {
                let mut bad = (*good).to_owned();
                let other = if c == '9' {
                    '0'
                } else {
                    char::from(u8::try_from(c).unwrap() + 1)
                };
                bad.replace_range(i..=i, &other.to_string());
                assert_eq!(check(scheme, &bad), Some(false), "{scheme} {bad}");
            }
            for bad in ["", "1", "ABC", "99999999999999999999999999"] {
                assert_eq!(check(scheme, bad), Some(false), "{scheme} {bad}");
            }
        }
    }

    #[test]
    fn the_number_that_two_sources_give_differently_has_one_right_form() {
        assert_eq!(check("SK-ICO", "31333535"), Some(false));
    }

    #[test]
    fn an_inn_of_a_person_has_two_check_digits() {
        assert_eq!(check("RU-INN", "500100732259"), Some(true));
        assert_eq!(check("RU-INN", "500100732269"), Some(false));
        assert_eq!(check("RU-INN", "500100732258"), Some(false));
    }

    #[test]
    fn a_scheme_without_known_check_digits_says_nothing() {
        assert_eq!(check("GB-COH", "SC136640"), None);
    }
}
