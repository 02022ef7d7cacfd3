//! Trust stores: anchors as data with dates and usages, not a file of certificates.
//!
//! What it is: the Windows programme (Microsoft's signed root list, with the legacy roots beside it), Microsoft's UEFI
//! Secure Boot lists, the kernel programme, anchors of the user's, and the issuing authorities that signed files often leave
//! out. Data stands in `trust-roots/<programme>/`, each with its ORIGIN.toml, is compiled in, and is looked up without being
//! loaded (see `table`).
//!
//! What it does not prove: that a path exists, which is [`crate::verify::path`]'s work, or that the data is current:
//! [`TrustStore::bundle`] says of when it is.

pub mod ctl;
pub mod disallowed;
pub mod findings;
pub mod import;
mod kernel;
mod legacy;
mod programme;
pub mod sequence;
mod signature;
mod table;
pub mod uefi;
pub mod user;
mod windows;

use std::borrow::Cow;
use std::sync::OnceLock;

use crate::base::time::{Time, parse_rfc3339, rfc3339};
use crate::model::certificate::{Name, SharedCertificate};
use crate::model::evidence::{Evidence, Source as EvidenceSource};
use crate::model::finding::{Finding, Status};
use crate::model::signature::Trust;
use crate::verify::path::Issuers;
use crate::verify::profile::Profile;

use disallowed::Disallowed;
pub use programme::Programme;
use table::Table;
use uefi::{ForbiddenImage, Lists, Verdict};
use user::UserAnchors;

/// A bundle older than this is said to be stale: Microsoft publishes the root list about monthly.
pub const STALE_AFTER_DAYS: i64 = 90;

macro_rules! shipped {
    ($path:literal) => {
        include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/trust-roots/", $path)).as_slice()
    };
}
macro_rules! shipped_text {
    ($path:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/trust-roots/", $path))
    };
}

/// Why a store cannot be opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// An index is broken.
    #[error("trust store index: {what} at offset {offset}")]
    Index {
        /// Start of the line.
        offset: usize,
        /// What is wrong.
        what: &'static str,
    },
    /// The head of an index lacks a fact.
    #[error("trust store index: no readable {0}")]
    Fact(&'static str),
    /// The certificates are not those that the index was made from.
    #[error("trust store: the certificates do not match the index")]
    Mismatch,
    /// A file of anchors cannot be read.
    #[error("trust root: {0}")]
    Anchor(String),
}

/// Where the Windows programme comes from.
#[derive(Debug, Clone)]
pub enum Source {
    /// Compiled in.
    Bundled,
    /// Files that an import wrote, as read from disk.
    Imported {
        /// `roots.tsv`.
        index: String,
        /// `roots.der`.
        certificates: Vec<u8>,
    },
}

/// Which data a verdict rests on; printed with every verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BundleInfo {
    /// `windows-roots`, `uefi`, `kernel`, ….
    pub id: &'static str,
    /// When its publisher dated it.
    pub as_of: Time,
    /// SHA-256 of the published list, lower-case hexadecimal.
    pub sha256: String,
    /// Sequence number, where the list has one.
    pub sequence: Option<String>,
    /// How many entries.
    pub count: usize,
    /// Imported by the user, not compiled in.
    pub imported: bool,
}

impl BundleInfo {
    /// Days from its date to `now`, where it is older than [`STALE_AFTER_DAYS`].
    pub fn stale_days(&self, now: Time) -> Option<i64> {
        let days = now
            .unix_timestamp()
            .saturating_sub(self.as_of.unix_timestamp())
            / 86_400;
        (days > STALE_AFTER_DAYS).then_some(days)
    }

    /// The finding that it is stale, where it is.
    pub fn finding(&self, now: Time) -> Option<Finding> {
        let days = self.stale_days(now)?;
        let message = format!(
            "{} is of {}, {days} days before the judgement time",
            self.id,
            rfc3339(self.as_of)
        );
        Some(Finding::new(
            &findings::TRUST_ROOTS_STALE,
            Status::Review,
            message,
        ))
    }
}

/// Anchors and issuing authorities of every programme.
#[derive(Debug)]
pub struct TrustStore {
    source: Source,
    windows: OnceLock<Table>,
    legacy: OnceLock<Table>,
    intermediates: OnceLock<Table>,
    cross: OnceLock<Table>,
    uefi: OnceLock<Lists>,
    user: UserAnchors,
    disallowed: Disallowed,
}

impl TrustStore {
    /// The data compiled in. Nothing is read until it is asked for.
    pub fn bundled() -> Self {
        Self {
            source: Source::Bundled,
            windows: OnceLock::new(),
            legacy: OnceLock::new(),
            intermediates: OnceLock::new(),
            cross: OnceLock::new(),
            uefi: OnceLock::new(),
            user: UserAnchors::default(),
            disallowed: Disallowed::default(),
        }
    }

    /// With the Windows programme from `source`.
    ///
    /// # Errors
    /// Where an imported bundle is broken or torn.
    pub fn load(source: Source) -> Result<Self, StoreError> {
        let store = Self::bundled();
        let Source::Imported {
            index,
            certificates,
        } = source
        else {
            return Ok(store);
        };
        let table = Table::open(
            Cow::Owned(index.clone()),
            Cow::Owned(certificates),
            &windows::COLUMNS,
        )?;
        table.check()?;
        let loaded = Self {
            source: Source::Imported {
                index,
                certificates: Vec::new(),
            },
            windows: OnceLock::from(table),
            ..store
        };
        match loaded.bundle() {
            Some(_) => Ok(loaded),
            None => Err(StoreError::Fact("sequence, date or digest of the list")),
        }
    }

    /// The same with anchors of the user's.
    #[must_use]
    pub fn with_user(mut self, anchors: impl IntoIterator<Item = SharedCertificate>) -> Self {
        self.user.add(anchors);
        self
    }

    /// The same with a list of disallowed certificates.
    #[must_use]
    pub fn with_disallowed(mut self, list: Disallowed) -> Self {
        self.disallowed = list;
        self
    }

    /// How many anchors the user brought.
    pub fn user_anchors(&self) -> usize {
        self.user.len()
    }

    /// SHA-256 of each, for the report.
    pub fn user_fingerprints(&self) -> Vec<String> {
        self.user.fingerprints()
    }

    /// What is at hand of disallowed certificates.
    pub fn disallowed_list(&self) -> &Disallowed {
        &self.disallowed
    }

    /// Which root list the Windows programme rests on. `None` only where the data compiled in is broken, which a test excludes.
    pub fn bundle(&self) -> Option<BundleInfo> {
        let table = self.windows();
        Some(BundleInfo {
            id: "windows-roots",
            as_of: parse_rfc3339(table.fact("this-update")?)?,
            sha256: table.fact("list-sha256")?.to_owned(),
            sequence: Some(table.fact("sequence")?.to_owned()),
            count: table.len(),
            imported: matches!(self.source, Source::Imported { .. }),
        })
    }

    /// Every set of data that `profile` rests on.
    pub fn bundles(&self, profile: Profile) -> Vec<BundleInfo> {
        let found = match profile {
            Profile::Windows | Profile::WindowsStrict => self.bundle(),
            Profile::Uefi => info("uefi-dbx", &self.uefi().certificates, self.uefi().images()),
            Profile::Kernel => info(
                "kernel-cross-certificates",
                self.cross(),
                self.cross().len(),
            ),
            Profile::IntegrityOnly => None,
        };
        found.into_iter().collect()
    }

    /// The anchors of a policy of verification, with the rules of its programme; the user's anchors are in each.
    pub fn anchors(&self, profile: Profile) -> Programme<'_> {
        Programme::new(self, profile)
    }

    /// Whether the UEFI revocation list names the SHA-256 image hash.
    pub fn forbidden_image(&self, sha256: &[u8; 32]) -> Option<ForbiddenImage> {
        self.uefi().image(sha256)
    }

    /// What firmware with Microsoft's lists would make of an image: its SHA-256 image hash and the trust of each of its
    /// signatures, judged under [`Profile::Uefi`] and only those whose integrity holds.
    pub fn uefi_verdict(&self, image: &[u8; 32], signatures: &[&Trust]) -> Verdict {
        self.uefi().judge(image, signatures)
    }

    /// What is to be said of certificates that came with a signature: kernel cross-certificates.
    pub fn notes(&self, supplied: &[SharedCertificate]) -> Vec<Finding> {
        let cross = self.cross();
        supplied
            .iter()
            .filter_map(|certificate| Some((certificate, cross.find(&certificate.id)?)))
            .map(|(certificate, row)| {
                let message = format!("kernel cross-certificate for {}", cross.name(row));
                Finding::new(&findings::KERNEL_CROSS_SIGNED, Status::Review, message).with(
                    Evidence::certificate(
                        EvidenceSource::Embedded,
                        certificate.id,
                        "certificate",
                        cross.name(row),
                    ),
                )
            })
            .collect()
    }

    fn windows(&self) -> &Table {
        self.windows.get_or_init(|| {
            bundled(
                shipped_text!("windows/roots.tsv"),
                shipped!("windows/roots.der"),
                &windows::COLUMNS,
            )
        })
    }

    fn legacy(&self) -> &Table {
        self.legacy.get_or_init(|| {
            bundled(
                shipped_text!("windows/legacy.tsv"),
                shipped!("windows/legacy.der"),
                &legacy::COLUMNS,
            )
        })
    }

    fn intermediates(&self) -> &Table {
        self.intermediates.get_or_init(|| {
            bundled(
                shipped_text!("windows/intermediates.tsv"),
                shipped!("windows/intermediates.der"),
                &["expires"],
            )
        })
    }

    fn cross(&self) -> &Table {
        self.cross.get_or_init(|| {
            bundled(
                shipped_text!("kernel/cross.tsv"),
                shipped!("kernel/cross.der"),
                &kernel::COLUMNS,
            )
        })
    }

    fn uefi(&self) -> &Lists {
        self.uefi.get_or_init(|| {
            Lists::open(
                Cow::Borrowed(shipped_text!("uefi/certificates.tsv")),
                Cow::Borrowed(shipped!("uefi/certificates.der")),
                Cow::Borrowed(shipped_text!("uefi/dbx.tsv")),
            )
            .unwrap_or_default()
        })
    }
}

/// A table compiled in. A broken one holds nothing and so trusts nothing; a test opens each.
fn bundled(text: &'static str, der: &'static [u8], columns: &[&str]) -> Table {
    Table::open(Cow::Borrowed(text), Cow::Borrowed(der), columns).unwrap_or_default()
}

fn info(id: &'static str, table: &Table, count: usize) -> Option<BundleInfo> {
    Some(BundleInfo {
        id,
        as_of: parse_rfc3339(table.fact("as-of")?)?,
        sha256: table.fact("source-sha256")?.to_owned(),
        sequence: None,
        count,
        imported: false,
    })
}

impl Issuers for TrustStore {
    fn issued_by(&self, issuer: &Name) -> Vec<SharedCertificate> {
        let table = self.intermediates();
        table
            .with_subject(issuer)
            .filter_map(|row| table.certificate(row))
            .collect()
    }
}

#[cfg(test)]
mod tests;
