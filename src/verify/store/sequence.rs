//! Sequence numbers of trust lists: unsigned integers of any size, by which a newer list is told from an older one.

use crate::base::der::{Error, Tlv};

/// Longest sequence number in octets; real ones have nine.
const MAX_SEQUENCE: usize = 20;
/// Longest one in decimal digits: what [`MAX_SEQUENCE`] octets hold.
const MAX_DIGITS: usize = 49;

/// A sequence number: an unsigned integer of any size, ordered by value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sequence {
    // The order of fields makes the derived order numeric: without leading zeros, the longer number is the larger.
    len: usize,
    magnitude: Vec<u8>,
}

impl Sequence {
    pub(super) fn read(value: &Tlv<'_>) -> Result<Self, Error> {
        match value.value {
            [] => Err(value.error("empty sequence number")),
            [first, ..] if *first >= 0x80 => Err(value.error("negative sequence number")),
            bytes if bytes.len() > MAX_SEQUENCE => Err(value.error("sequence number too long")),
            bytes => Ok(Self::from_bytes(bytes)),
        }
    }

    fn from_bytes(bytes: &[u8]) -> Self {
        let magnitude: Vec<u8> = bytes.iter().copied().skip_while(|b| *b == 0).collect();
        Self {
            len: magnitude.len(),
            magnitude,
        }
    }

    /// Reads a decimal number.
    pub fn parse(text: &str) -> Option<Self> {
        if text.is_empty() || text.len() > MAX_DIGITS {
            return None;
        }
        let mut magnitude: Vec<u8> = Vec::new();
        for digit in text.bytes() {
            if !digit.is_ascii_digit() {
                return None;
            }
            let mut carry = u16::from(digit.wrapping_sub(b'0'));
            for byte in magnitude.iter_mut().rev() {
                let value = u16::from(*byte).checked_mul(10)?.checked_add(carry)?;
                let [high, low] = value.to_be_bytes();
                *byte = low;
                carry = u16::from(high);
            }
            if carry > 0 {
                magnitude.insert(0, u8::try_from(carry).ok()?);
            }
        }
        Some(Self::from_bytes(&magnitude))
    }
}

impl std::fmt::Display for Sequence {
    /// Decimal.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut rest = self.magnitude.clone();
        let mut digits = Vec::new();
        while rest.iter().any(|b| *b != 0) {
            let mut remainder: u16 = 0;
            for byte in &mut rest {
                let value = (remainder << 8) | u16::from(*byte);
                *byte = u8::try_from(value / 10).unwrap_or(0);
                remainder = value % 10;
            }
            digits.push(char::from_digit(u32::from(remainder), 10).unwrap_or('0'));
        }
        if digits.is_empty() {
            digits.push('0');
        }
        f.write_str(&digits.into_iter().rev().collect::<String>())
    }
}
