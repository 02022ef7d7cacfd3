//! Policies of verification: whose rules a signature is judged by. The facts are the same under each.

/// Whose rules apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Profile {
    /// WinVerifyTrust with its defaults.
    Windows,
    /// The same with EnableCertPaddingCheck and without historic leniency.
    WindowsStrict,
    /// UEFI Secure Boot: db, dbx, no expiry.
    Uefi,
    /// The Windows kernel loader: kernel roots and cross-certificates, page hashes binding.
    Kernel,
    /// Digests and signatures only; trust is not asked.
    IntegrityOnly,
}

impl Profile {
    /// All, in the order help shows them.
    pub const ALL: [Self; 5] = [
        Self::Windows,
        Self::WindowsStrict,
        Self::Uefi,
        Self::Kernel,
        Self::IntegrityOnly,
    ];

    /// The word used on the command line and in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Windows => "windows",
            Self::WindowsStrict => "windows-strict",
            Self::Uefi => "uefi",
            Self::Kernel => "kernel",
            Self::IntegrityOnly => "integrity-only",
        }
    }
}
