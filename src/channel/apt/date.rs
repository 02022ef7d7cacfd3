//! Dates of release files: RFC 1123 in UTC, as the repository format has it. Any other form is no date.

use time::{Date, Month};

use crate::base::time::Time;

/// `Tue, 24 Nov 2026 00:26:47 UTC`; `GMT`, `Z` and `+0000` are UTC, too, and the day of the week may be missing.
pub(super) fn read(text: &str) -> Option<Time> {
    let text = match text.split_once(',') {
        Some((day, rest)) if day.len() == 3 && day.bytes().all(|b| b.is_ascii_alphabetic()) => rest,
        Some(_) => return None,
        None => text,
    };
    let mut words = text.split_ascii_whitespace();
    let (day, month, year) = (words.next()?, words.next()?, words.next()?);
    let (clock, zone) = (words.next()?, words.next()?);
    if words.next().is_some() || !matches!(zone, "UTC" | "GMT" | "Z" | "+0000") || year.len() != 4 {
        return None;
    }
    let date = Date::from_calendar_date(number::<i32>(year)?, self::month(month)?, number(day)?);
    let mut parts = clock.split(':');
    let (hour, minute, second) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let time = date
        .ok()?
        .with_hms(number(hour)?, number(minute)?, number(second)?);
    Some(time.ok()?.assume_utc())
}

/// Digits alone: a sign is no part of a date.
fn number<N: std::str::FromStr>(text: &str) -> Option<N> {
    text.bytes()
        .all(|b| b.is_ascii_digit())
        .then(|| text.parse().ok())
        .flatten()
}

fn month(name: &str) -> Option<Month> {
    let names = [
        ("Jan", Month::January),
        ("Feb", Month::February),
        ("Mar", Month::March),
        ("Apr", Month::April),
        ("May", Month::May),
        ("Jun", Month::June),
        ("Jul", Month::July),
        ("Aug", Month::August),
        ("Sep", Month::September),
        ("Oct", Month::October),
        ("Nov", Month::November),
        ("Dec", Month::December),
    ];
    names.iter().find(|(n, _)| *n == name).map(|(_, m)| *m)
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::base::time::rfc3339;

    #[test]
    fn dates_are_read_in_utc_and_nothing_else_is_one() {
        let shown = |text: &str| read(text).map(rfc3339);
        let expected = Some("2026-11-24T00:26:47Z".to_owned());
        for good in [
            "Tue, 24 Nov 2026 00:26:47 UTC",
            "Tue, 24 Nov 2026 00:26:47 GMT",
            "Tue, 24 Nov 2026 0:26:47 +0000",
            "24 Nov 2026 00:26:47 Z",
        ] {
            assert_eq!(shown(good), expected, "{good}");
        }
        for wrong in [
            "",
            "garbage",
            "Tue, 24 Nov 2026 00:26:47",
            "Tue, 24 Nov 2026 00:26:47 +0100",
            "Tue, 24 Nov 2026 00:26:47 EST",
            "Tue, 24 Nov 26 00:26:47 UTC",
            "Tue, 31 Nov 2026 00:26:47 UTC",
            "Tue, 24 Nov 2026 25:26:47 UTC",
            "Tue, 24 Nov 2026 00:+6:47 UTC",
            "2026-11-24T00:26:47Z",
        ] {
            assert_eq!(shown(wrong), None, "{wrong}");
        }
    }
}
