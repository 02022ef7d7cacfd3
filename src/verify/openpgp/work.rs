//! What checking a hostile keyring may cost.

use crate::envelope::openpgp::key::{Curve, Material, PublicKey};

/// Units of work for one call, each about 40 microseconds: half a second and a bit. A certificate of a distribution costs 100.
const UNITS: usize = 1 << 14;
/// Octets hashed for a unit.
const OCTETS_PER_UNIT: usize = 1 << 14;

/// A running account.
#[derive(Debug, Clone)]
pub(super) struct Work {
    left: usize,
}

impl Work {
    pub(super) fn new() -> Self {
        Self { left: UNITS }
    }

    /// Takes what one signature with `key` over `octets` costs; false where it is more than is left.
    #[must_use]
    pub(super) fn spend(&mut self, key: &PublicKey, octets: usize) -> bool {
        let square = |bits: usize| bits.saturating_mul(bits);
        let bits = key.bits().unwrap_or(0);
        let units = match &key.material {
            Material::Rsa { .. } => square(bits) >> 20,
            Material::Dsa { .. } => square(bits) >> 16,
            Material::Ecdsa { curve, .. } => match curve {
                Curve::P256 => 8,
                Curve::P384 => 20,
                Curve::P521 => 40,
                Curve::Ed25519 | Curve::Other(_) => 1,
            },
            Material::EddsaLegacy { .. } | Material::Ed25519(_) | Material::Unread => 2,
        };
        let hashing = octets.checked_div(OCTETS_PER_UNIT).unwrap_or(0);
        let units = units.saturating_add(hashing).saturating_add(1);
        match self.left.checked_sub(units) {
            Some(left) => {
                self.left = left;
                true
            }
            None => {
                self.left = 0;
                false
            }
        }
    }
}
