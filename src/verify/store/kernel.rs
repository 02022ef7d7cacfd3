//! Rules of the kernel programme: what the Windows kernel loader takes as a driver's anchor.
//!
//! Two ways lead there. A driver signed by Microsoft (WHQL, attestation) chains to one of Microsoft's own roots. An older
//! driver chains to a public authority for which Microsoft Code Verification Root issued a cross-certificate; that root is in
//! no public bundle, so each cross-certificate is pinned by its SHA-256 and stands as an anchor of its own.
//!
//! Whether the cross-certificate came with the signature, as the loader wants it, is not asked here: the finding
//! `kernel-cross-signed` says that it did. Timestamps are judged by the Windows programme.
//!
//! Which Microsoft roots the loader holds is from analyses of it, not from a document of Microsoft's: **unverified**. The cut-off date is from
//! "Kernel checks for non-WHQL signed drivers" (learn.microsoft.com) and the driver signing policy it links to. It spares machines upgraded
//! from earlier releases and machines without Secure Boot, which a file cannot tell: the verdict is for a fresh installation
//! with Secure Boot.

use time::macros::datetime;

use crate::base::time::{Time, rfc3339};
use crate::model::certificate::Certificate;
use crate::model::signature::TrustStatus;
use crate::verify::path::Refusal;

/// Columns of `cross.tsv` after the common ones.
pub(super) const COLUMNS: [&str; 3] = ["expires", "root-sha1", "file"];

/// Certificates issued from this day on do not carry a cross-signed driver.
const CROSS_SIGNED_UNTIL: Time = datetime!(2015-07-29 00:00 UTC);

/// Whether a cross-certificate lets a leaf sign drivers at `at`.
pub(super) fn admit_cross(
    cross: &Certificate,
    leaf: &Certificate,
    at: Time,
) -> Result<(), Refusal> {
    // Unlike an anchor's, a cross-certificate's validity counts: it is a certificate on Microsoft's own path.
    if at < cross.not_before || at > cross.not_after {
        return Err(Refusal {
            fault: "cross-certificate-expired",
            status: TrustStatus::Expired,
            reason: format!(
                "the kernel cross-certificate is valid from {} to {}, and the signature is judged at {}",
                rfc3339(cross.not_before),
                rfc3339(cross.not_after),
                rfc3339(at)
            ),
        });
    }
    if leaf.not_before >= CROSS_SIGNED_UNTIL {
        return Err(Refusal {
            fault: "kernel-cross-signed-too-late",
            status: TrustStatus::Untrusted,
            reason: format!(
                "drivers signed through a cross-certificate need a certificate issued before 2015-07-29, and this one was issued {}",
                rfc3339(leaf.not_before)
            ),
        });
    }
    Ok(())
}
