//! What the header says of the package, and which signatures it has.

use crate::base::blob::ReadAt;
use crate::format::Error;
use crate::format::rpm::header::Header;
use crate::format::rpm::layout::Layout;
use crate::format::zip::findings::TRAILING_DATA;
use crate::model::evidence::{Evidence, Source};
use crate::model::extract::{Claimed, Extract, Gap};
use crate::model::finding::{Finding, Status};

/// Tags that say what it is and who stands behind it.
const CLAIMS: &[(u32, &str)] = &[
    (1000, "Name"),
    (1001, "Version"),
    (1002, "Release"),
    (1010, "Distribution"),
    (1011, "Vendor"),
    (1015, "Packager"),
    (1020, "URL"),
];

/// Tags of the signature header that hold signatures, and what each is over.
const SIGNATURES: &[(u32, &str)] = &[
    (267, "DSA, ECDSA or EdDSA over the header"),
    (268, "RSA over the header"),
    (278, "OpenPGP over the header"),
    (1002, "RSA over header and payload"),
    (1005, "DSA over header and payload"),
    (274, "IMA, file by file"),
    (276, "fs-verity, file by file"),
];

/// Sizes of header and payload together, in the signature header.
const SIZE: u32 = 1000;
const LONG_SIZE: u32 = 270;

pub(super) fn extract(blob: &dyn ReadAt) -> Result<Extract, Error> {
    let layout = Layout::read(blob)?;
    let mut out = Extract {
        format: "rpm",
        description: if layout.source {
            "rpm source package".into()
        } else {
            "rpm package".into()
        },
        ..Extract::default()
    };
    for (tag, key) in CLAIMS {
        if let Some((value, span)) = layout.header.string(*tag) {
            out.claimed.push(Claimed {
                key: (*key).to_owned(),
                value,
                span,
            });
        }
    }
    out.gaps.extend(signatures(&layout.signature));
    length(blob, &layout, &mut out);
    Ok(out)
}

fn signatures(header: &Header) -> Option<Gap> {
    let present: Vec<String> = SIGNATURES
        .iter()
        .filter(|(tag, _)| header.has(*tag))
        .map(|(tag, name)| format!("{name} (tag {tag})"))
        .collect();
    (!present.is_empty()).then(|| Gap {
        what: format!("rpm signatures: {}", present.join("; ")),
        why: "rpm signatures are not examined".into(),
    })
}

/// The signature header states how long the rest is; nothing signs that, and nothing may follow.
fn length(blob: &dyn ReadAt, layout: &Layout, out: &mut Extract) {
    let of = |tag| layout.signature.numbers(tag).first().copied();
    let Some(stated) = of(LONG_SIZE).or_else(|| of(SIZE)) else {
        return;
    };
    let start = layout.header.span.start;
    let end = start.saturating_add(stated);
    let size = blob.size();
    if end < size {
        let left = size.saturating_sub(end);
        let message = format!("{left} bytes at offset {end} follow the payload");
        out.findings.push(
            Finding::new(&TRAILING_DATA, Status::Review, message).with(Evidence::bytes(
                Source::Embedded,
                end,
                left,
            )),
        );
    } else if end > size {
        out.gaps.push(Gap {
            what: "payload".into(),
            why: format!(
                "the file ends {} bytes before the payload",
                end.saturating_sub(size)
            ),
        });
    }
}
