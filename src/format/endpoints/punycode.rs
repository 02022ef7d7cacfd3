//! Punycode (RFC 3492) for the labels of host names: to show what an A-label stands for, and to write a U-label as one.

/// RFC 3492 section 5.
const BASE: u32 = 36;
const T_MIN: u32 = 1;
const T_MAX: u32 = 26;
const SKEW: u32 = 38;
const DAMP: u32 = 700;
const INITIAL_BIAS: u32 = 72;
const INITIAL_N: u32 = 128;
/// Longest label (RFC 1035 section 2.3.4).
const MAX_LABEL: usize = 63;

/// The Unicode form of a label after `xn--`; `None` where it is not punycode.
pub(super) fn decode(label: &str) -> Option<String> {
    if label.len() > MAX_LABEL {
        return None;
    }
    let (basic, extended) = label.rsplit_once('-').unwrap_or(("", label));
    let mut out: Vec<char> = basic.chars().collect();
    let (mut n, mut i, mut bias) = (INITIAL_N, 0u32, INITIAL_BIAS);
    let mut digits = extended.bytes();
    while digits.len() > 0 {
        let before = i;
        let (mut weight, mut k) = (1u32, BASE);
        loop {
            let digit = value(digits.next()?)?;
            i = i.checked_add(digit.checked_mul(weight)?)?;
            let t = threshold(k, bias);
            if digit < t {
                break;
            }
            weight = weight.checked_mul(BASE.checked_sub(t)?)?;
            k = k.checked_add(BASE)?;
        }
        let points = u32::try_from(out.len()).ok()?.checked_add(1)?;
        bias = adapt(i.checked_sub(before)?, points, before == 0)?;
        n = n.checked_add(i.checked_div(points)?)?;
        i = i.checked_rem(points)?;
        out.insert(usize::try_from(i).ok()?, char::from_u32(n)?);
        i = i.checked_add(1)?;
    }
    Some(out.into_iter().collect())
}

/// The label as it stands after `xn--`; `None` where it would be too long.
pub(super) fn encode(label: &str) -> Option<String> {
    if label.chars().count() > MAX_LABEL {
        return None;
    }
    let points: Vec<u32> = label.chars().map(u32::from).collect();
    let mut out: String = label.chars().filter(char::is_ascii).collect();
    let basic = u32::try_from(out.len()).ok()?;
    if basic > 0 {
        out.push('-');
    }
    let (mut n, mut delta, mut bias, mut done) = (INITIAL_N, 0u32, INITIAL_BIAS, basic);
    while usize::try_from(done).ok()? < points.len() {
        let next = points.iter().copied().filter(|p| *p >= n).min()?;
        let step = next.checked_sub(n)?.checked_mul(done.checked_add(1)?)?;
        delta = delta.checked_add(step)?;
        n = next;
        for point in &points {
            if *point < n {
                delta = delta.checked_add(1)?;
            }
            if *point == n {
                variable(delta, bias, &mut out)?;
                let count = done.checked_add(1)?;
                bias = adapt(delta, count, done == basic)?;
                delta = 0;
                done = count;
            }
        }
        delta = delta.checked_add(1)?;
        n = n.checked_add(1)?;
    }
    (out.len().checked_add(4)? <= MAX_LABEL).then_some(out)
}

fn variable(delta: u32, bias: u32, out: &mut String) -> Option<()> {
    let (mut q, mut k) = (delta, BASE);
    loop {
        let t = threshold(k, bias);
        if q < t {
            out.push(digit(q)?);
            return Some(());
        }
        let span = BASE.checked_sub(t)?;
        let over = q.checked_sub(t)?;
        out.push(digit(t.checked_add(over.checked_rem(span)?)?)?);
        q = over.checked_div(span)?;
        k = k.checked_add(BASE)?;
    }
}

fn threshold(k: u32, bias: u32) -> u32 {
    k.saturating_sub(bias).clamp(T_MIN, T_MAX)
}

/// RFC 3492 section 6.1.
fn adapt(delta: u32, points: u32, first: bool) -> Option<u32> {
    let mut delta = if first { delta / DAMP } else { delta / 2 };
    delta = delta.checked_add(delta.checked_div(points)?)?;
    let span = BASE.checked_sub(T_MIN)?;
    let mut k = 0u32;
    while delta > span.checked_mul(T_MAX)? / 2 {
        delta = delta.checked_div(span)?;
        k = k.checked_add(BASE)?;
    }
    let scaled = span.checked_add(1)?.checked_mul(delta)?;
    k.checked_add(scaled.checked_div(delta.checked_add(SKEW)?)?)
}

fn value(digit: u8) -> Option<u32> {
    match digit {
        b'a'..=b'z' => Some(u32::from(digit.saturating_sub(b'a'))),
        b'A'..=b'Z' => Some(u32::from(digit.saturating_sub(b'A'))),
        b'0'..=b'9' => Some(u32::from(digit.saturating_sub(b'0')).saturating_add(26)),
        _ => None,
    }
}

fn digit(value: u32) -> Option<char> {
    // char::from_digit counts digits first; punycode counts letters first.
    let rotated = value.checked_add(10)?.checked_rem(BASE)?;
    char::from_digit(rotated, BASE)
}

#[cfg(test)]
mod tests {
    use super::{decode, encode};

    #[test]
    fn samples_go_both_ways() {
        for (unicode, ascii) in [
            ("bücher", "bcher-kva"),
            ("касперский", "80akjebc7ajgd"),
            ("рф", "p1ai"),
            ("中国", "fiqs8s"),
        ] {
            assert_eq!(encode(unicode).as_deref(), Some(ascii));
            assert_eq!(decode(ascii).as_deref(), Some(unicode));
        }
    }

    #[test]
    fn hostile_labels_end() {
        for bad in [
            "99999999",
            "a-\u{e9}",
            "-----",
            "zzzzzzzzzzzzzzzz",
            "0",
            &"9".repeat(64),
        ] {
            let _ = decode(bad);
        }
        assert_eq!(decode(&"9".repeat(60)), None);
        assert_eq!(encode(&"é".repeat(64)), None);
    }
}
