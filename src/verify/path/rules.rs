//! How hard a path is judged. The facts are the same under each profile; what counts against a path is not.

use crate::verify::profile::Profile;

/// What is asked of the leaf's extended key usage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Usage {
    /// The purpose's own usage, stated.
    Stated {
        /// anyExtendedKeyUsage states it too.
        any: bool,
    },
    /// This usage (contents octets of its identifier), where the leaf has the extension at all, as RFC 5280 section 4.2.1.12 has it.
    WherePresent(&'static [u8]),
    /// Nothing.
    Ignored,
}

/// What revocation evidence that cannot be used, or is missing, does to a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RevocationRule {
    /// It is reported; only a revoked certificate fails.
    Report,
    /// Stale or wrongly signed evidence fails; none at all does not.
    RefuseUnusable,
    /// Every certificate below the anchor needs a good answer.
    Require,
}

/// The rules of one judgement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// Validity periods below the anchor count.
    pub validity: bool,
    /// The anchor's validity period counts too.
    pub anchor_validity: bool,
    /// The leaf's extended key usage.
    pub usage: Usage,
    /// The leaf's keyUsage, where present, must allow signing.
    pub leaf_key_usage: bool,
    /// Hashes and keys that are weak today count.
    pub strength: bool,
    /// … but not on certificates from the time when they were the rule.
    pub historic: bool,
    /// What RFC 5280 asks of conforming authorities counts, anchors included.
    pub conformance: bool,
    /// A key compromised after a timestamp defeats the timestamp.
    pub compromise_defeats_timestamps: bool,
    /// Revocation evidence that is unusable or missing.
    pub revocation: RevocationRule,
    /// Most certificates between leaf and anchor, self-issued ones not counted.
    pub max_intermediates: usize,
}

/// Longest path followed. The longest seen on a signed file has three issuing certificates; cross-certified programmes reach six.
const MAX_INTERMEDIATES: usize = 10;

impl Rules {
    /// The rules of a profile.
    pub fn of(profile: Profile) -> Self {
        let windows = Self {
            validity: true,
            anchor_validity: false,
            usage: Usage::Stated { any: true },
            leaf_key_usage: true,
            strength: true,
            historic: true,
            conformance: false,
            compromise_defeats_timestamps: false,
            revocation: RevocationRule::Report,
            max_intermediates: MAX_INTERMEDIATES,
        };
        match profile {
            Profile::Windows | Profile::Kernel => windows,
            Profile::WindowsStrict => Self {
                usage: Usage::Stated { any: false },
                historic: false,
                compromise_defeats_timestamps: true,
                ..windows
            },
            // Firmware has no clock to trust and asks for no usage (UEFI 2.10 section 32.4.2).
            Profile::Uefi | Profile::IntegrityOnly => Self {
                validity: false,
                usage: Usage::Ignored,
                leaf_key_usage: false,
                strength: false,
                ..windows
            },
        }
    }
}
