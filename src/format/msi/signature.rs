//! The signature of a package and what it covers.
//!
//! Digest = H(Ex, walk(root)): Ex is the stream `\x05MsiDigitalSignatureEx` as it stands, where there is one. walk(storage) is
//! each entry by the octets of its name, a stream's contents or a storage's walk, then the storage's class. The two signature
//! streams are left out in the root and nowhere else: a stream of that name further down is content.
//!
//! Ex in turn is a digest over names, lengths, classes, state bits and times. Windows takes it as it is and never computes it,
//! so one that differs leaves the signature valid there and is a finding here.

use crate::base::blob::ReadAt;
use crate::format::cfb::{Compound, Kind, Node};
use crate::format::error::Error;
use crate::format::look::bytes;
use crate::format::msi::findings::{
    MSI_METADATA_HASH_MISMATCH, MSI_NAMES_UNPROTECTED, MSI_SIGNATURE_REMOVED,
};
use crate::model::extract::{
    ContentRule, Coverage, Extract, Gap, Piece, RawSignature, SideDigest, Span,
};
use crate::model::finding::{Finding, Status};
use crate::model::signature::Position;

/// What a signature over a package holds.
pub static PACKAGE: ContentRule = ContentRule {
    scheme: "authenticode",
    content_type: "1.3.6.1.4.1.311.2.1.4",
    data_types: &["1.3.6.1.4.1.311.2.1.30"],
    // {000C10F1-0000-0000-C000-000000000046}
    sips: &[[
        0xf1, 0x10, 0x0c, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0x46,
    ]],
};

/// The stream with the signature.
pub(in crate::format) const SIGNATURE: &str = "\u{5}DigitalSignature";
/// The stream with the digest of names and lengths.
pub(in crate::format) const METADATA: &str = "\u{5}MsiDigitalSignatureEx";
/// Bytes of a signature; real ones with two signatures and timestamps have 20 KB.
pub(in crate::format) const MAX_SIGNATURE: u64 = 16 << 20;
/// Bytes of the metadata digest; the longest digest has 64, and Windows takes any length.
const MAX_METADATA: u64 = 64 << 10;

/// Reads the signature of a compound file, where there is one.
pub(in crate::format) fn read(
    blob: &dyn ReadAt,
    compound: &Compound,
    out: &mut Extract,
) -> Result<(), Error> {
    let metadata = compound
        .find(0, METADATA)
        .filter(|(_, node)| node.kind == Kind::Stream);
    let Some((_, node)) = compound
        .find(0, SIGNATURE)
        .filter(|(_, node)| node.kind == Kind::Stream)
    else {
        out.findings.extend(metadata.map(|(_, node)| removed(node)));
        return Ok(());
    };
    let Some(signature) = compound.bytes(blob, node, MAX_SIGNATURE)? else {
        out.gaps.push(Gap {
            what: "the signature".into(),
            why: format!("its stream has {} bytes", node.size),
        });
        return Ok(());
    };
    let mut pieces = Vec::new();
    let mut beside = Vec::new();
    match metadata {
        None => out.findings.push(unprotected(node)),
        Some((_, metadata)) => {
            pieces.extend(metadata.spans.iter().cloned().map(Piece::Span));
            match compound.bytes(blob, metadata, MAX_METADATA)? {
                None => out.gaps.push(Gap {
                    what: "the digest of names and lengths".into(),
                    why: format!("its stream has {} bytes", metadata.size),
                }),
                Some(stated) => beside.push(SideDigest {
                    coverage: Coverage::bytes(described(compound)),
                    stated,
                    finding: mismatch(metadata),
                }),
            }
        }
    }
    pieces.extend(walk(compound));
    let coverage = Coverage {
        pieces,
        pages: None,
    };
    out.signatures.push(RawSignature {
        beside,
        ..RawSignature::cms(
            &PACKAGE,
            Position::Primary,
            place(node),
            signature,
            coverage,
        )
    });
    Ok(())
}

/// Where a stream stands, as far as one range can say: from its first byte, as long as it is. Offsets inside a stream in
/// several pieces count from there.
fn place(node: &Node) -> Span {
    let start = node.spans.first().map_or(node.entry, |span| span.start);
    start..start.saturating_add(node.size)
}

/// Entries below a storage in the order of the digest, each storage before what is in it; the last part says where it ends.
enum Step {
    Enter(usize),
    Leave(usize),
}

fn steps(compound: &Compound, mut take: impl FnMut(&Node, bool)) {
    let mut stack = vec![Step::Enter(0)];
    while let Some(step) = stack.pop() {
        let (Step::Enter(place) | Step::Leave(place)) = step;
        let Some(node) = compound.nodes.get(place) else {
            continue;
        };
        if matches!(step, Step::Leave(_)) {
            take(node, true);
            continue;
        }
        take(node, false);
        if node.kind == Kind::Stream {
            continue;
        }
        stack.push(Step::Leave(place));
        let children = node.children.iter().rev().filter(|child| {
            let child = compound.nodes.get(**child);
            place != 0
                || !child.is_some_and(|node| node.is_named(SIGNATURE) || node.is_named(METADATA))
        });
        stack.extend(children.copied().map(Step::Enter));
    }
}

fn walk(compound: &Compound) -> Vec<Piece> {
    let mut pieces = Vec::new();
    steps(compound, |node, leave| match (node.kind, leave) {
        (Kind::Stream, _) => pieces.extend(node.spans.iter().cloned().map(Piece::Span)),
        (Kind::Root | Kind::Storage, true) => pieces.push(Piece::Span(node.clsid_span())),
        (Kind::Root | Kind::Storage, false) => {}
    });
    pieces
}

/// What the metadata digest is over: of the root its class and state bits; of every other entry its name, its class or length,
/// state bits and times.
fn described(compound: &Compound) -> Vec<u8> {
    let mut out = Vec::new();
    steps(compound, |node, leave| {
        if leave {
            return;
        }
        if node.kind != Kind::Root {
            out.extend(node.name.iter().flat_map(|unit| unit.to_le_bytes()));
        }
        match node.kind {
            Kind::Root | Kind::Storage => out.extend_from_slice(&node.clsid),
            Kind::Stream => {
                let low = u32::try_from(node.size & u64::from(u32::MAX)).unwrap_or_default();
                out.extend_from_slice(&low.to_le_bytes());
            }
        }
        out.extend_from_slice(&node.state.to_le_bytes());
        if node.kind != Kind::Root {
            out.extend_from_slice(&node.created);
            out.extend_from_slice(&node.modified);
        }
    });
    out
}

fn mismatch(node: &Node) -> Finding {
    let message = "the digest over names, lengths, classes and times of the streams is not the one that was signed";
    Finding::new(&MSI_METADATA_HASH_MISMATCH, Status::Review, message).with(bytes(&place(node)))
}

fn unprotected(node: &Node) -> Finding {
    let message = "without MsiDigitalSignatureEx the signature is over the contents of the streams in a row: names can change, and bytes move between neighbours";
    Finding::new(&MSI_NAMES_UNPROTECTED, Status::Review, message).with(bytes(&place(node)))
}

fn removed(node: &Node) -> Finding {
    let message =
        "the package has MsiDigitalSignatureEx, which goes with a signature, and no signature";
    Finding::new(&MSI_SIGNATURE_REMOVED, Status::Review, message).with(bytes(&place(node)))
}
