//! Scripts that carry an Authenticode signature as a block of comments: PowerShell and its XML kinds, MOF, and those of Windows
//! Script Host.
//!
//! There is no public specification. PowerShell's own source (`SignatureHelper`, open since 2016) hands the work to Windows' subject
//! interface packages; what those hash is known from signing tools whose output Windows accepts. Which of them is which is told by
//! the block, as a file's name is not signed.
//!
//! What this does not prove: that a script does nothing but what its text says. Text after the block is never taken as signed.

mod block;
mod extract;
pub mod findings;
mod style;
#[cfg(test)]
mod tests;
mod text;

use crate::base::blob::ReadAt;
use crate::base::budget::Budget;
use crate::format::{Card, Error, Format, Sniff};
use crate::model::extract::Extract;

/// Larger files are not searched for a block: scripts are read whole, and the largest seen have a few megabytes.
const MAX_SCRIPT: u64 = 16 << 20;
/// A block ends with the file, so that is where its mark is looked for in files of any name.
const TAIL: u64 = 256;

/// Extensions that scripts which Windows can check have. JavaScript is none of them: nearly all of it is for browsers and servers,
/// so such a file counts only where it carries a block.
const EXTENSIONS: &[&str] = &[
    "ps1", "psm1", "psd1", "ps1xml", "psc1", "cdxml", "mof", "vbs", "wsf",
];
const JAVASCRIPT: &[&str] = &["js"];

/// The format.
#[derive(Debug, Clone, Copy)]
pub struct Script;

static CARD: Card = Card {
    id: "script",
    name: "Windows script",
    extensions: &[
        "ps1", "psm1", "psd1", "ps1xml", "psc1", "cdxml", "mof", "js", "vbs", "wsf",
    ],
    signatures: &["Authenticode, in a block of comments"],
    features: &[
        "text after the signature",
        "damage by line-ending conversion",
        "encodings",
    ],
    specifications: &[],
    limits: &[("bytes of a script", MAX_SCRIPT)],
};

impl Format for Script {
    fn card(&self) -> &'static Card {
        &CARD
    }

    fn detect(&self, sniff: &Sniff<'_>) -> bool {
        if sniff.has_extension(EXTENSIONS) {
            return true;
        }
        let size = sniff.blob.size();
        let from = if sniff.has_extension(JAVASCRIPT) && size <= MAX_SCRIPT {
            0
        } else {
            size.saturating_sub(TAIL)
        };
        let end = sniff.blob.read_range(from..size);
        end.is_ok_and(|end| style::has_mark(&end))
    }

    fn extract(&self, blob: &dyn ReadAt, budget: &Budget<'_>) -> Result<Extract, Error> {
        budget.check_size(blob.size())?;
        extract::extract(blob)
    }
}
