//! Multiprecision integers (RFC 9580 section 3.2).

use crate::envelope::openpgp::{Error, Octets};

/// Longest integer read, in bits: no key in use has more, and cost grows with the square.
const MAX_BITS: usize = 16384;

/// A number as it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Integer<'a> {
    /// Without leading zero octets; empty for zero.
    pub(super) magnitude: &'a [u8],
    /// The bit count is the magnitude's own. Some writers get it wrong, and the number is the same.
    pub(super) in_form: bool,
}

pub(super) fn next<'a>(octets: &mut Octets<'a>) -> Result<Integer<'a>, Error> {
    let bits = octets.u16()?;
    if bits > MAX_BITS {
        return Err(octets.error("an integer of more than 16384 bits"));
    }
    let len = bits.div_ceil(8);
    let magnitude = octets.take(len)?;
    let zeros = magnitude.iter().take_while(|b| **b == 0).count();
    let magnitude = magnitude.get(zeros..).unwrap_or_default();
    Ok(Integer {
        magnitude,
        in_form: self::bits(magnitude) == bits,
    })
}

/// Length in bits of a magnitude.
pub fn bits(magnitude: &[u8]) -> usize {
    let mut octets = magnitude.iter().skip_while(|b| **b == 0);
    let Some(first) = octets.next() else { return 0 };
    let top = 8usize.saturating_sub(usize::try_from(first.leading_zeros()).unwrap_or(0));
    octets.count().saturating_mul(8).saturating_add(top)
}
