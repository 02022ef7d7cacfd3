//! One signature, start to end. Every fault is collected; none stops the rest.

use crate::model::cms::{Opus, SignedData, SignerInfo};
use crate::model::digest::DigestAlgorithm;
use crate::model::extract::Span;
use crate::model::finding::Status;
use crate::model::signature::{PageHashVerdict, Signature};
use crate::verify::authenticode::open::Node;
use crate::verify::authenticode::trust::Verdict;
use crate::verify::authenticode::{
    Context, Measured, certificates, commitment, content, countersignature, strength, trust,
    unsigned,
};
use crate::verify::findings::signature as f;
use crate::verify::signer::attribute;
use crate::verify::signer::notes::Notes;
use crate::verify::signer::pool::Pool;
use crate::verify::signer::{self, Checked, Expected};
use crate::verify::timestamp;

/// The file digest, signed and computed.
#[derive(Debug, Clone, Default)]
pub(super) struct FileDigest {
    pub(super) algorithm: Option<DigestAlgorithm>,
    pub(super) signed: Vec<u8>,
    pub(super) computed: Vec<u8>,
    pub(super) pages: Option<PageHashVerdict>,
}

pub(super) fn judge(
    node: &Node<'_>,
    measured: Option<&Measured>,
    context: &Context<'_>,
) -> Signature {
    let mut notes = Notes::new(&node.id, node.base);
    for fault in &node.raw.faults {
        if fault.status == Status::Fail {
            notes.invalid(fault.definition.id);
        }
        notes.push(fault.clone());
    }
    let signed = match &node.read {
        Ok(signed) => signed,
        Err(error) => {
            notes.fail(
                &f::MALFORMED_SIGNATURE,
                format!("the signature cannot be read: {error}"),
                0..node.len,
            );
            return unread(node, notes, context);
        }
    };
    content::wrapper(node, signed, &mut notes);
    let file = content::file_digest(node, signed, measured, context, &mut notes);
    let pool = Pool::read(
        &signed.certificates,
        0..signed.encoded_len,
        context.cache,
        &mut notes,
    );
    let (first, checked) = signers(node, signed, &pool, &mut notes);
    content::algorithms(signed, first, &file, &mut notes);
    content::padding(node, signed, context, &mut notes);
    unsigned::check(node, signed, first, &mut notes);
    commitment::check(node, first, checked.signer.as_ref(), &mut notes);

    let timestamps = match first {
        Some(signer) => timestamp::evaluate(
            &timestamp::Scene {
                signature: &signer.signature,
                pool: &pool,
                leaf: checked.signer.as_ref(),
                cache: context.cache,
                base: node.base,
            },
            node.raw.content,
            &signer.unsigned_attributes,
            context,
            &mut notes,
        ),
        None => Vec::new(),
    };
    let claimed_time = first
        .and_then(|s| s.signed_attributes.as_ref())
        .and_then(attribute::signing_time);
    let verdict = trust::judge(
        &trust::Case {
            leaf: checked.signer.as_ref(),
            pool: &pool,
            crls: &signed.crls,
            timestamps: &timestamps,
            claimed_time,
            place: 0..signed.encoded_len,
        },
        context,
        &mut notes,
    );
    strength::check(
        [file.algorithm, checked.digest],
        &verdict.basis,
        signed.encoded_len,
        &mut notes,
    );
    // The set is that of the signature a countersignature stands on, and is accounted for there.
    if !node.countersigns {
        let mut used = certificates::used(&verdict.trust, &timestamps, checked.signer.as_ref());
        let others = countersignature::certificates(node.raw.content, first, &pool);
        used.extend(others.into_iter().map(|c| (c.id, c)));
        certificates::check(&pool, 0..signed.encoded_len, &used, context, &mut notes);
    }
    let opus = first.and_then(|s| opus(s, &mut notes));
    finish(node, notes, file, checked, verdict, |signature| {
        signature.claimed_time = claimed_time;
        signature.timestamps = timestamps;
        signature.opus = opus;
    })
}

/// Every SignerInfo is checked and none wins: with more than one the signature is invalid (the format has exactly one).
fn signers<'s>(
    node: &Node<'_>,
    signed: &'s SignedData,
    pool: &Pool,
    notes: &mut Notes<'_>,
) -> (Option<&'s SignerInfo>, Checked) {
    let all = 0..signed.encoded_len;
    match &signed.signers[..] {
        [] => notes.fail(&f::NO_SIGNERINFOS, "there is no SignerInfo", all),
        [_] => {}
        many => notes.fail(
            &f::MULTIPLE_SIGNERINFOS,
            format!(
                "there are {} SignerInfos; Authenticode has exactly one",
                many.len()
            ),
            all,
        ),
    }
    let mut first = Checked::default();
    for (number, signer) in signed.signers.iter().enumerate() {
        let checked = signer::check(
            signer,
            Expected {
                content: &signed.content,
                content_types: std::slice::from_ref(&signed.content_type),
                content_type_required: !node.countersigns,
                bare_digest: false,
            },
            pool,
            notes,
        );
        if number == 0 {
            first = checked;
        }
    }
    (signed.signers.first(), first)
}

fn opus(signer: &SignerInfo, notes: &mut Notes<'_>) -> Option<Opus> {
    use crate::envelope::cms::spc;
    let attribute = attribute::single(signer.signed_attributes.as_ref()?, spc::OPUS)?;
    match spc::opus(attribute::value(attribute)?) {
        Ok(opus) => Some(opus),
        Err(error) => {
            notes.note(
                &f::MALFORMED_ATTRIBUTE,
                Status::Review,
                format!("SpcSpOpusInfo cannot be read: {error}"),
                attribute.span.clone(),
            );
            None
        }
    }
}

fn unread(node: &Node<'_>, notes: Notes<'_>, context: &Context<'_>) -> Signature {
    let verdict = trust::unknown(context, "the signature cannot be read");
    finish(
        node,
        notes,
        FileDigest::default(),
        Checked::default(),
        verdict,
        |_| {},
    )
}

fn finish(
    node: &Node<'_>,
    notes: Notes<'_>,
    file: FileDigest,
    checked: Checked,
    verdict: Verdict,
    rest: impl FnOnce(&mut Signature),
) -> Signature {
    let mut signature = Signature {
        id: node.id.clone(),
        scheme: node.raw.content.scheme,
        position: node.position.clone(),
        span: span(node),
        integrity: notes.integrity(),
        digest_algorithm: file.algorithm,
        signed_digest: file.signed,
        computed_digest: file.computed,
        signer: checked.signer,
        trust: verdict.trust,
        time_basis: verdict.basis,
        claimed_time: None,
        timestamps: Vec::new(),
        revocation: verdict.revocation,
        opus: None,
        page_hashes: file.pages,
        findings: notes.into_findings(),
    };
    rest(&mut signature);
    signature
}

fn span(node: &Node<'_>) -> Span {
    let len = u64::try_from(node.len).unwrap_or(u64::MAX);
    node.base..node.base.saturating_add(len)
}
