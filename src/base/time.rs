//! Points in time: UTC, read from ASN.1, printed as RFC 3339. The wall clock lives in `source::clock`.

use time::format_description::well_known::Rfc3339;
use time::{Date, Month, OffsetDateTime, UtcOffset};

/// A point in time, always UTC.
pub type Time = OffsetDateTime;

/// Prints RFC 3339 in UTC; a fraction only where there is one.
pub fn rfc3339(at: Time) -> String {
    at.to_offset(UtcOffset::UTC)
        .format(&Rfc3339)
        .unwrap_or_else(|_| at.unix_timestamp().to_string())
}

/// Reads RFC 3339, or a bare date as midnight UTC.
pub fn parse_rfc3339(text: &str) -> Option<Time> {
    OffsetDateTime::parse(text, &Rfc3339)
        .ok()
        .map(|t| t.to_offset(UtcOffset::UTC))
        .or_else(|| parse_date(text).map(|d| d.midnight().assume_utc()))
}

/// Reads `YYYY-MM-DD`.
pub fn parse_date(text: &str) -> Option<Date> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 || month.len() != 2 || day.len() != 2 {
        return None;
    }
    let month = Month::try_from(month.parse::<u8>().ok()?).ok()?;
    Date::from_calendar_date(year.parse().ok()?, month, day.parse().ok()?).ok()
}

/// Reads the contents of a UTCTime (`YYMMDDhhmm[ss]Z` or with an offset); two-digit years by RFC 5280 section 4.1.2.5.1.
pub fn utc_time(contents: &[u8]) -> Option<Time> {
    let (year, rest) = digits(contents, 2)?;
    let year = if year >= 50 {
        year.checked_add(1900)?
    } else {
        year.checked_add(2000)?
    };
    clock_part(year, rest)
}

/// Reads the contents of a GeneralizedTime; fractions, a missing seconds field and offsets occur in real timestamp tokens.
pub fn generalized_time(contents: &[u8]) -> Option<Time> {
    let (year, rest) = digits(contents, 4)?;
    clock_part(year, rest)
}

fn clock_part(year: u32, rest: &[u8]) -> Option<Time> {
    let (month, rest) = digits(rest, 2)?;
    let (day, rest) = digits(rest, 2)?;
    let (hour, rest) = digits(rest, 2)?;
    let (minute, rest) = digits(rest, 2)?;
    let (second, rest) = digits(rest, 2).unwrap_or((0, rest));
    let (nanos, rest) = fraction(rest)?;
    let date = Date::from_calendar_date(
        i32::try_from(year).ok()?,
        Month::try_from(u8::try_from(month).ok()?).ok()?,
        u8::try_from(day).ok()?,
    )
    .ok()?;
    let local = date
        .with_hms_nano(
            u8::try_from(hour).ok()?,
            u8::try_from(minute).ok()?,
            u8::try_from(second).ok()?,
            nanos,
        )
        .ok()?;
    Some(local.assume_offset(zone(rest)?).to_offset(UtcOffset::UTC))
}

fn zone(rest: &[u8]) -> Option<UtcOffset> {
    match rest {
        b"Z" => Some(UtcOffset::UTC),
        [sign @ (b'+' | b'-'), digits_ @ ..] => {
            let (hours, rest) = digits(digits_, 2)?;
            let (minutes, rest) = digits(rest, 2)?;
            if !rest.is_empty() {
                return None;
            }
            let (hours, minutes) = (i8::try_from(hours).ok()?, i8::try_from(minutes).ok()?);
            if *sign == b'-' {
                UtcOffset::from_hms(hours.checked_neg()?, minutes.checked_neg()?, 0).ok()
            } else {
                UtcOffset::from_hms(hours, minutes, 0).ok()
            }
        }
        _ => None,
    }
}

fn fraction(rest: &[u8]) -> Option<(u32, &[u8])> {
    let [b'.' | b',', tail @ ..] = rest else {
        return Some((0, rest));
    };
    let len = tail.iter().take_while(|b| b.is_ascii_digit()).count();
    if len == 0 {
        return None;
    }
    let mut nanos: u32 = 0;
    for i in 0..9 {
        let digit = if i < len {
            tail.get(i).map_or(0, |b| u32::from(b.wrapping_sub(b'0')))
        } else {
            0
        };
        nanos = nanos.checked_mul(10)?.checked_add(digit)?;
    }
    Some((nanos, tail.get(len..)?))
}

fn digits(input: &[u8], count: usize) -> Option<(u32, &[u8])> {
    let (head, rest) = input.split_at_checked(count)?;
    let mut value: u32 = 0;
    for byte in head {
        if !byte.is_ascii_digit() {
            return None;
        }
        value = value
            .checked_mul(10)?
            .checked_add(u32::from(byte.wrapping_sub(b'0')))?;
    }
    Some((value, rest))
}

#[cfg(test)]
mod tests {
    use super::{generalized_time, parse_rfc3339, rfc3339, utc_time};

    #[test]
    fn asn1_times_read_with_fraction_offset_and_missing_seconds() {
        let show = |t: Option<super::Time>| t.map(rfc3339).unwrap_or_default();
        assert_eq!(show(utc_time(b"491231235959Z")), "2049-12-31T23:59:59Z");
        assert_eq!(show(utc_time(b"500101000000Z")), "1950-01-01T00:00:00Z");
        assert_eq!(show(utc_time(b"2401020304Z")), "2024-01-02T03:04:00Z");
        assert_eq!(
            show(generalized_time(b"20191211084017.75Z")),
            "2019-12-11T08:40:17.75Z"
        );
        assert_eq!(
            show(generalized_time(b"20240101000000+0100")),
            "2023-12-31T23:00:00Z"
        );
        assert_eq!(
            show(generalized_time(b"99991231235959Z")),
            "9999-12-31T23:59:59Z"
        );
        for bad in [
            &b"2024"[..],
            b"20241301000000Z",
            b"20240101000000",
            b"20240101000000.Z",
            b"2024010100000zZ",
        ] {
            assert!(generalized_time(bad).is_none(), "{bad:?}");
        }
    }

    #[test]
    fn a_bare_date_is_midnight_utc() {
        assert_eq!(
            parse_rfc3339("2024-09-29").map(rfc3339).as_deref(),
            Some("2024-09-29T00:00:00Z")
        );
        assert!(parse_rfc3339("2024-9-29").is_none());
    }
}
