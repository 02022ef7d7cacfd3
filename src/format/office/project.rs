//! A signature over a VBA project, by generation.

use crate::format::look::bytes;
use crate::format::office::blob;
use crate::format::office::findings::VBA_LEGACY_SIGNATURE_ONLY;
use crate::model::extract::{
    ContentRule, Coverage, Covers, Extract, Gap, Home, RawSignature, Span,
};
use crate::model::finding::{Finding, Status};
use crate::model::signature::Position;

/// Bytes of a stored signature, which is a CMS and a store of certificates.
pub(in crate::format) const MAX_PART: u64 = 4 << 20;

/// What a signature over a VBA project holds: its digest is of type 311.2.1.29 or, from the second generation on, 311.2.1.31.
pub(super) static PROJECT: ContentRule = ContentRule {
    scheme: "vba",
    content_type: "1.3.6.1.4.1.311.2.1.4",
    data_types: &["1.3.6.1.4.1.311.2.1.29", "1.3.6.1.4.1.311.2.1.31"],
    sips: &[],
};

/// Generations of signatures, oldest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::format) enum Generation {
    Legacy,
    Agile,
    V3,
}

impl Generation {
    pub(super) const ALL: [Self; 3] = [Self::Legacy, Self::Agile, Self::V3];

    /// The name of its part, in lower case.
    pub(super) fn part(self) -> &'static str {
        match self {
            Self::Legacy => "vbaprojectsignature.bin",
            Self::Agile => "vbaprojectsignatureagile.bin",
            Self::V3 => "vbaprojectsignaturev3.bin",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Legacy => "VBA project signature, legacy",
            Self::Agile => "VBA project signature, agile",
            Self::V3 => "VBA project signature, V3",
        }
    }

    /// What its digest is over, for people.
    fn covers(self) -> &'static str {
        match self {
            Self::Legacy => "VBA project, legacy contents hash ([MS-OVBA] 2.4.2)",
            Self::Agile => "VBA project, agile contents hash ([MS-OVBA] 2.4.2)",
            Self::V3 => "VBA project, V3 contents hash ([MS-OVBA] 2.4.2)",
        }
    }
}

/// A signature as it was found.
#[derive(Debug, Clone)]
pub(in crate::format) struct Stored<'p> {
    /// DigSigBlob or DigSigInfoSerialized.
    pub(in crate::format) part: &'p [u8],
    /// Where it stands in the file, compressed or not.
    pub(in crate::format) place: Span,
}

/// Adds a signature, and what is not known of it.
pub(in crate::format) fn add(generation: Generation, stored: &Stored<'_>, out: &mut Extract) {
    out.home = Some(Home::Windows);
    let Some(signature) = blob::signature(stored.part).and_then(|at| stored.part.get(at)) else {
        out.gaps.push(Gap {
            what: generation.name().into(),
            why: "no signature can be found in its structure".into(),
        });
        return;
    };
    let number = u32::try_from(out.signatures.len()).unwrap_or(u32::MAX);
    let position = match number {
        0 => Position::Primary,
        n => Position::ExtraEntry(n.saturating_add(1)),
    };
    out.gaps.push(Gap {
        what: generation.name().into(),
        why: format!(
            "the digest of the macros is not computed: {}",
            generation.covers()
        ),
    });
    out.signatures.push(RawSignature {
        covers: Covers::Uncomputed(generation.covers()),
        ..RawSignature::cms(
            &PROJECT,
            position,
            stored.place.clone(),
            signature.to_vec(),
            Coverage::default(),
        )
    });
}

/// That no signature of a newer generation is there.
pub(in crate::format) fn legacy_only(out: &Extract) -> Finding {
    let message = "the macros have a signature of the first generation alone, whose MD5 digest leaves forms and more uncovered";
    let finding = Finding::new(&VBA_LEGACY_SIGNATURE_ONLY, Status::Review, message);
    let spans = out
        .signatures
        .iter()
        .map(|signature| bytes(&signature.span));
    spans.fold(finding, Finding::with)
}
