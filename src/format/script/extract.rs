//! From the block to the signature, and what is hashed for it.

use crate::base::blob::ReadAt;
use crate::format::error::Error;
use crate::format::look::bytes as evidence;
use crate::format::script::MAX_SCRIPT;
use crate::format::script::block::{Block, Blocks, find};
use crate::format::script::findings::{
    MALFORMED_SIGNATURE_BLOCK, MULTIPLE_SIGNATURE_BLOCKS, SCRIPT_READ_OTHERWISE,
    SIGNATURE_DAMAGED_BY_LINE_ENDINGS, TEXT_AFTER_SIGNATURE,
};
use crate::format::script::style::Style;
use crate::format::script::text::{Encoding, Text, utf16, with_crlf};
use crate::model::extract::{
    Alternative, Coverage, Extract, Gap, Home, RawSignature, Signing, Span,
};
use crate::model::finding::{Definition, Finding, Status};
use crate::model::signature::Position;

/// U+FEFF, which the kinds of PowerShell hash with the text.
const BYTE_ORDER_MARK: u16 = 0xfeff;

pub(super) fn extract(blob: &dyn ReadAt) -> Result<Extract, Error> {
    let mut out = Extract {
        format: "script",
        description: "script".into(),
        home: Some(Home::Windows),
        signing: Signing::Optional,
        ..Extract::default()
    };
    if blob.size() > MAX_SCRIPT {
        out.gaps.push(Gap {
            what: "a signature block".into(),
            why: format!("the script has more than {MAX_SCRIPT} bytes"),
        });
        return Ok(out);
    }
    let bytes = blob.read_range(0..blob.size()).map_err(Error::read(0))?;
    let text = Text::new(&bytes);
    let found = find(&text.units);
    if let Some(at) = found.stray {
        let at = text.offset(at);
        let message = format!("a line of a signature block stands alone at offset {at}");
        out.findings.push(
            Finding::new(&MALFORMED_SIGNATURE_BLOCK, Status::Review, message)
                .with(evidence(&(at..at.saturating_add(1)))),
        );
    }
    if let Some(block) = &found.first {
        signature(&text, block, &found, &mut out);
    }
    Ok(out)
}

fn signature(text: &Text, block: &Block, found: &Blocks, out: &mut Extract) {
    let style = block.style;
    let span = text.offset(block.units.start)..text.offset(block.units.end);
    let before = text.units.get(..block.units.start).unwrap_or_default();
    let after = text.units.get(block.units.end..).unwrap_or_default();
    let mut faults = Vec::new();
    let mut fault = |definition: &'static Definition, message: String, place: &Span| {
        faults.push(Finding::new(definition, Status::Fail, message).with(evidence(place)));
    };
    if block.converted {
        let message = "lines of the signature block do not end in CR LF, as signers write them";
        fault(&SIGNATURE_DAMAGED_BY_LINE_ENDINGS, message.into(), &span);
    }
    if let Some(why) = block.fault {
        let message = format!("the signature block cannot be taken as it stands: {why}");
        fault(&MALFORMED_SIGNATURE_BLOCK, message, &span);
    }
    if text.odd {
        let message = "half a character stands at the end of the file".to_owned();
        fault(&MALFORMED_SIGNATURE_BLOCK, message, &span);
    }
    if let Some(second) = found.second {
        let at = text.offset(second);
        let message = format!("a second signature block begins at offset {at}");
        fault(
            &MULTIPLE_SIGNATURE_BLOCKS,
            message,
            &(at..at.saturating_add(1)),
        );
    }
    if !style.encloses && !after.is_empty() {
        let rest = span.end..text.offset(text.units.len());
        let message = format!("{} characters follow the signature block", after.len());
        if after.iter().all(|u| matches!(u, 9 | 10 | 13 | 32)) {
            out.findings.push(
                Finding::new(
                    &TEXT_AFTER_SIGNATURE,
                    Status::Review,
                    message + ", all blank",
                )
                .with(evidence(&rest)),
            );
        } else {
            fault(&TEXT_AFTER_SIGNATURE, message, &rest);
        }
    }
    let hashed = Hashed {
        style,
        marked: text.marked.is_some(),
        before,
        after: if style.encloses { after } else { &[] },
    };
    let (encoding, other) = encodings(text, &hashed);
    out.description = format!("{}, {}", style.name, encoding.name());
    let Some(coverage) = hashed.coverage(encoding, Count::Whole, false) else {
        let message = format!("the text is not {}", encoding.name());
        fault(&MALFORMED_SIGNATURE_BLOCK, message, &(0..span.start));
        out.signatures.push(RawSignature {
            faults,
            ..RawSignature::cms(
                style.rule,
                Position::Primary,
                span,
                block.content.clone(),
                Coverage::default(),
            )
        });
        return;
    };
    let alternatives = alternatives(&hashed, encoding, other, block.converted, &span);
    out.signatures.push(RawSignature {
        faults,
        alternatives,
        ..RawSignature::cms(
            style.rule,
            Position::Primary,
            span,
            block.content.clone(),
            coverage,
        )
    });
}

/// The encoding that the script is read in, and another that it may have been signed in.
fn encodings(text: &Text, hashed: &Hashed<'_>) -> (Encoding, Option<Encoding>) {
    if let Some(marked) = text.marked {
        return (marked, None);
    }
    let ascii = |units: &[u16]| units.iter().all(|u| *u < 0x80);
    let is_utf8 = |units| utf16(units, Encoding::Utf8).is_some();
    if ascii(hashed.before) && ascii(hashed.after) {
        return (usual(hashed.style), None);
    }
    match (
        usual(hashed.style),
        is_utf8(hashed.before) && is_utf8(hashed.after),
    ) {
        (Encoding::Utf8, true) => (Encoding::Utf8, Some(Encoding::Windows1252)),
        (_, true) => (Encoding::Windows1252, Some(Encoding::Utf8)),
        (_, false) => (Encoding::Windows1252, None),
    }
}

fn usual(style: &Style) -> Encoding {
    if style.utf8 {
        Encoding::Utf8
    } else {
        Encoding::Windows1252
    }
}

/// What the length at the end of Windows Script Host's kinds counts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Count {
    /// All text but the block.
    Whole,
    /// The text before it.
    Before,
}

/// The text that is hashed.
struct Hashed<'t> {
    style: &'static Style,
    /// The file has a byte order mark.
    marked: bool,
    before: &'t [u16],
    after: &'t [u16],
}

impl Hashed<'_> {
    fn coverage(&self, encoding: Encoding, count: Count, restored: bool) -> Option<Coverage> {
        let read = |units| {
            let text = utf16(units, encoding)?;
            Some(if restored { with_crlf(&text) } else { text })
        };
        let (before, after) = (read(self.before)?, read(self.after)?);
        let counted = match count {
            Count::Whole => before.len().saturating_add(after.len()),
            Count::Before => before.len(),
        };
        let mark = (self.marked && !self.style.host).then_some(BYTE_ORDER_MARK);
        let mut bytes: Vec<u8> = mark
            .into_iter()
            .chain(before)
            .chain(after)
            .flat_map(u16::to_le_bytes)
            .collect();
        if self.style.host {
            bytes.extend(u32::try_from(counted).ok()?.to_le_bytes());
        }
        Some(Coverage::bytes(bytes))
    }
}

fn alternatives(
    hashed: &Hashed<'_>,
    encoding: Encoding,
    other: Option<Encoding>,
    converted: bool,
    span: &Span,
) -> Vec<Alternative> {
    let mut found = Vec::new();
    let mut add = |coverage: Option<Coverage>, definition: &'static Definition, message: String| {
        let finding = Finding::new(definition, Status::Review, message).with(evidence(span));
        found.extend(coverage.map(|coverage| Alternative { coverage, finding }));
    };
    if let Some(other) = other {
        add(
            hashed.coverage(other, Count::Whole, false),
            &SCRIPT_READ_OTHERWISE,
            format!(
                "the signature is over the script read as {}, where {} is usual for its kind",
                other.name(),
                usual(hashed.style).name()
            ),
        );
    }
    if hashed.style.encloses && !hashed.after.is_empty() {
        add(
            hashed.coverage(encoding, Count::Before, false),
            &SCRIPT_READ_OTHERWISE,
            "the length that is signed is that of the text before the block only".into(),
        );
    }
    if converted {
        add(
            hashed.coverage(encoding, Count::Whole, true),
            &SIGNATURE_DAMAGED_BY_LINE_ENDINGS,
            "with CR LF put back at the end of each line the script is what was signed".into(),
        );
    }
    found
}
