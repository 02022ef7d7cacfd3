//! CRC-64 as the .xz format uses it: ECMA-182, reflected (The .xz File Format 1.2.1, section 6.2).

const POLYNOMIAL: u64 = 0xc96c_5795_d787_0f42;

/// Row `n` advances a byte over `n` bytes that follow it, so that eight bytes are taken at once.
static TABLES: [[u64; 256]; 8] = tables();

#[expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    reason = "evaluated by the compiler, which stops at any of them"
)]
const fn tables() -> [[u64; 256]; 8] {
    let mut tables = [[0; 256]; 8];
    let mut byte: usize = 0;
    while byte < 256 {
        let mut value: u64 = byte as u64;
        let mut bit = 0;
        while bit < 64 {
            value = if value & 1 == 1 {
                value >> 1 ^ POLYNOMIAL
            } else {
                value >> 1
            };
            bit += 1;
            if bit % 8 == 0 {
                tables[bit / 8 - 1][byte] = value;
            }
        }
        byte += 1;
    }
    tables
}

/// A running CRC-64.
#[derive(Debug, Clone)]
pub(crate) struct Crc64(u64);

impl Default for Crc64 {
    fn default() -> Self {
        Self(u64::MAX)
    }
}

impl Crc64 {
    pub(crate) fn update(&mut self, bytes: &[u8]) {
        let (eights, rest) = bytes.as_chunks::<8>();
        let [t0, t1, t2, t3, t4, t5, t6, t7] = &TABLES;
        let mut sum = self.0;
        for eight in eights {
            let [b0, b1, b2, b3, b4, b5, b6, b7] = (sum ^ u64::from_le_bytes(*eight)).to_le_bytes();
            sum = row(t7, b0) ^ row(t6, b1) ^ row(t5, b2) ^ row(t4, b3);
            sum ^= row(t3, b4) ^ row(t2, b5) ^ row(t1, b6) ^ row(t0, b7);
        }
        for byte in rest {
            let [low, ..] = sum.to_le_bytes();
            sum = sum >> 8 ^ row(t0, low ^ byte);
        }
        self.0 = sum;
    }

    pub(crate) fn sum(&self) -> u64 {
        !self.0
    }
}

#[expect(
    clippy::indexing_slicing,
    reason = "a byte is never outside 256 rows, and this is the inner loop of every .xz file"
)]
fn row(table: &[u64; 256], byte: u8) -> u64 {
    table[usize::from(byte)]
}

#[cfg(test)]
mod tests {
    use super::Crc64;

    #[test]
    fn the_check_value_of_the_catalogue_comes_out() {
        let mut crc = Crc64::default();
        crc.update(b"123456789");
        assert_eq!(crc.sum(), 0x995d_c9bb_df19_39fa);
    }
}
