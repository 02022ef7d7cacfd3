//! Names of streams: two characters of sixty-four in one of the range U+3800 to U+47FF, one in U+4800 to U+483F, and U+4840
//! before the name of a table.

/// Starts the name of a stream that is a table.
const TABLE: u16 = 0x4840;
const PAIRS: u16 = 0x3800;
const SINGLES: u16 = 0x4800;
const ALPHABET: &[u8; 64] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._";

/// The name as people and the database write it, and whether it is a table's.
pub(super) fn decode(name: &[u16]) -> (String, bool) {
    let (table, name) = match name.split_first() {
        Some((&TABLE, rest)) => (true, rest),
        _ => (false, name),
    };
    let letter = |value: u16| {
        let letter = ALPHABET.get(usize::from(value & 63)).copied();
        u16::from(letter.unwrap_or_default())
    };
    let mut units = Vec::new();
    for unit in name {
        match *unit {
            PAIRS..SINGLES => {
                let value = unit.saturating_sub(PAIRS);
                units.push(letter(value));
                units.push(letter(value >> 6));
            }
            SINGLES..TABLE => units.push(letter(unit.saturating_sub(SINGLES))),
            other => units.push(other),
        }
    }
    (String::from_utf16_lossy(&units), table)
}

#[cfg(test)]
mod tests {
    use super::{ALPHABET, decode};

    fn encode(name: &str) -> Vec<u16> {
        let value = |c: u8| ALPHABET.iter().position(|a| *a == c).unwrap() as u16;
        name.as_bytes()
            .chunks(2)
            .map(|pair| match pair {
                [a, b] => 0x3800 + value(*a) + (value(*b) << 6),
                [a] => 0x4800 + value(*a),
                _ => unreachable!(),
            })
            .collect()
    }

    #[test]
    fn what_is_packed_comes_back_and_what_is_not_stays() {
        for name in ["Binary.WixCA", "Icon.a", "_Tables", "x"] {
            assert_eq!(decode(&encode(name)), (name.to_owned(), false));
        }
        let table: Vec<u16> = [0x4840].into_iter().chain(encode("Property")).collect();
        assert_eq!(decode(&table), ("Property".to_owned(), true));
        let plain: Vec<u16> = "\u{5}SummaryInformation".encode_utf16().collect();
        assert_eq!(decode(&plain).0, "\u{5}SummaryInformation");
    }
}
