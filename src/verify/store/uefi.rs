//! Rules of UEFI Secure Boot: Microsoft's db, the revocation list dbx, and the verdict on an image.
//!
//! UEFI Specification 2.10 section 32.5.3.3 and, for what the text leaves open, EDK II's DxeImageVerificationLib: a
//! certificate of dbx on any signature forbids the image, however many others are good, and so does the image's hash in dbx.
//! Expiry does not count. The lists are those of a machine that carries Microsoft's defaults; a machine's owner may differ.
//!
//! Not judged: the security version numbers of dbx (they are compared with a number inside the boot manager) and SBAT.

use std::borrow::Cow;

use crate::model::certificate::{Certificate, CertificateId};
use crate::model::digest::hex;
use crate::model::finding::{Finding, Status};
use crate::model::signature::{Trust, TrustStatus};
use crate::verify::store::StoreError;
use crate::verify::store::findings::UEFI_FORBIDDEN;
use crate::verify::store::table::{Table, unhex};

/// Columns of `certificates.tsv` after the common ones.
pub(super) const COLUMNS: [&str; 2] = ["lists", "file"];
/// Columns of `dbx.tsv`.
const DBX_COLUMNS: &str = "sha256\tarchitecture\tadded\tcompany\tfile\tauthority";
/// Most rows of dbx; the list of 2026 has 673.
const MAX_DBX: usize = 65_536;

/// Lists of UEFI Secure Boot.
#[derive(Debug, Default)]
pub(super) struct Lists {
    pub(super) certificates: Table,
    images: Dbx,
}

/// The image hashes of dbx.
#[derive(Debug, Default)]
struct Dbx {
    text: Cow<'static, str>,
    rows: Vec<([u8; 32], usize, usize)>,
}

/// An image hash that dbx lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForbiddenImage {
    /// Architecture of the list it stands in: `x64`, `ia32`, `arm`, `aarch64`.
    pub architecture: String,
    /// When it was added, as the list says.
    pub added: String,
    /// The list's word for whose it is.
    pub company: String,
    /// The list's word for what it is.
    pub file: String,
}

/// What firmware with these lists would make of an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// A signature chains to db, and nothing of it is in dbx.
    Allowed {
        /// The certificate of db.
        root: CertificateId,
    },
    /// dbx forbids it; why.
    Forbidden(String),
    /// Nothing forbids it, and no signature chains to db; why.
    NotTrusted(String),
    /// Neither can be said; why.
    Unknown(String),
}

impl Verdict {
    /// The finding that dbx forbids the image, where it does.
    pub fn finding(&self) -> Option<Finding> {
        match self {
            Self::Forbidden(reason) => {
                Some(Finding::new(&UEFI_FORBIDDEN, Status::Fail, reason.clone()))
            }
            Self::Allowed { .. } | Self::NotTrusted(_) | Self::Unknown(_) => None,
        }
    }
}

impl Lists {
    pub(super) fn open(
        index: Cow<'static, str>,
        der: Cow<'static, [u8]>,
        dbx: Cow<'static, str>,
    ) -> Result<Self, StoreError> {
        Ok(Self {
            certificates: Table::open(index, der, &COLUMNS)?,
            images: Dbx::open(dbx)?,
        })
    }

    /// Whether a certificate of the table stands in `list`: `db`, `dbx`, `kek` or `pk`.
    pub(super) fn is_in(&self, row: usize, list: &str) -> bool {
        self.certificates
            .more(row, 0)
            .is_some_and(|lists| lists.split(',').any(|l| l == list))
    }

    /// Why dbx forbids this certificate.
    pub(super) fn forbids(&self, certificate: &Certificate) -> Option<String> {
        let row = self.certificates.find(&certificate.id)?;
        self.is_in(row, "dbx").then(|| {
            format!(
                "certificate \"{}\" is in the UEFI revocation list (dbx) of {}",
                self.certificates.name(row),
                self.certificates.fact("dbx-date").unwrap_or("unknown date")
            )
        })
    }

    pub(super) fn image(&self, sha256: &[u8; 32]) -> Option<ForbiddenImage> {
        self.images.find(sha256)
    }

    pub(super) fn images(&self) -> usize {
        self.images.rows.len()
    }

    pub(super) fn judge(&self, image: &[u8; 32], signatures: &[&Trust]) -> Verdict {
        if let Some(found) = self.image(image) {
            return Verdict::Forbidden(format!(
                "the image hash {} is in the UEFI revocation list (dbx, {}, added {}, {} {})",
                hex(image),
                found.architecture,
                found.added,
                found.company,
                found.file
            ));
        }
        let certificates = || signatures.iter().flat_map(|t| &t.chain);
        if let Some(reason) = certificates().find_map(|c| self.forbids(c)) {
            return Verdict::Forbidden(reason);
        }
        let mut unknown = None;
        for trust in signatures {
            match (trust.status, trust.root) {
                (TrustStatus::Trusted, Some(root)) if self.is_in_db(&root) => {
                    return Verdict::Allowed { root };
                }
                (TrustStatus::Distrusted | TrustStatus::Revoked, _) => {
                    return Verdict::Forbidden(trust.reason.clone());
                }
                (TrustStatus::Unknown | TrustStatus::NotChecked, _) => {
                    unknown = unknown.or(Some(&trust.reason));
                }
                (TrustStatus::Trusted | TrustStatus::Untrusted | TrustStatus::Expired, _) => {}
            }
        }
        match (unknown, signatures) {
            (Some(reason), _) => Verdict::Unknown(reason.clone()),
            (None, []) => Verdict::NotTrusted("the image has no signature".to_owned()),
            (None, _) => {
                Verdict::NotTrusted("no signature chains to a certificate of db".to_owned())
            }
        }
    }

    fn is_in_db(&self, id: &CertificateId) -> bool {
        self.certificates
            .find(id)
            .is_some_and(|row| self.is_in(row, "db"))
    }
}

impl Dbx {
    fn open(text: Cow<'static, str>) -> Result<Self, StoreError> {
        let mut rows = Vec::new();
        let mut header = false;
        let mut start = 0usize;
        for line in text.split_inclusive('\n') {
            let content = line.trim_end_matches(['\n', '\r']);
            let broken = |what| StoreError::Index {
                offset: start,
                what,
            };
            if content.starts_with('#') {
            } else if !header {
                if content != DBX_COLUMNS {
                    return Err(broken("unexpected columns"));
                }
                header = true;
            } else {
                if rows.len() >= MAX_DBX {
                    return Err(broken("too many rows"));
                }
                let hash = content.split('\t').next().and_then(unhex);
                let hash = hash.ok_or(broken("unreadable row"))?;
                rows.push((hash, start, start.saturating_add(content.len())));
            }
            start = start.saturating_add(line.len());
        }
        rows.sort_unstable();
        Ok(Self { text, rows })
    }

    fn find(&self, sha256: &[u8; 32]) -> Option<ForbiddenImage> {
        let at = self.rows.binary_search_by(|(h, _, _)| h.cmp(sha256)).ok()?;
        let (_, start, end) = self.rows.get(at)?;
        let mut columns = self.text.get(*start..*end)?.split('\t').skip(1);
        let mut next = || columns.next().unwrap_or_default().to_owned();
        Some(ForbiddenImage {
            architecture: next(),
            added: next(),
            company: next(),
            file: next(),
        })
    }
}
