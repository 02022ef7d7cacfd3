//! Signature verification behind one facade: ring first, RustCrypto for what ring lacks.

/// What a signature check came to. Unsupported is never invalid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The signature holds.
    Valid,
    /// It does not.
    Invalid,
    /// An algorithm, curve, key size or parameter that is not computed with; named.
    Unsupported(String),
}
