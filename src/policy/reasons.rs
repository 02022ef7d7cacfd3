//! What rules give, as reasons: their decision, their instance, and whether anything was checked at all.

use regorus::Value as Rego;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use crate::model::digest::hex;
use crate::model::verdict::{Decision, Reason};
use crate::policy::rego::{list, member, text};
use crate::policy::waivers::Covered;

/// Rules that speak, by prefix, and what they come to (the conventions of conftest).
const SPEAKING: [(&str, Decision); 3] = [
    ("deny", Decision::Deny),
    ("violation", Decision::Deny),
    ("warn", Decision::Review),
];

/// What a rule of this name comes to; `None` for a helper.
pub(super) fn speaking(rule: &str) -> Option<Decision> {
    SPEAKING.iter().find_map(|(prefix, decision)| {
        let suffix = rule.strip_prefix(prefix)?;
        (suffix.is_empty() || suffix.starts_with('_')).then_some(*decision)
    })
}

/// One member of a rule as a reason.
pub(super) fn reason(
    rule: &str,
    decision: Decision,
    member: &Value,
    report: &Rego,
) -> Option<Covered> {
    let empty = Map::new();
    let (message, fields) = match member {
        Value::String(message) => (message.as_str(), &empty),
        Value::Object(fields) => (fields.get("msg")?.as_str()?, fields),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => return None,
    };
    let text = |name: &str| fields.get(name).and_then(Value::as_str);
    let id = text("id").unwrap_or(rule).to_owned();
    let evidence = fields
        .get("evidence")
        .and_then(Value::as_array)
        .map(|list| {
            list.iter()
                .filter_map(Value::as_str)
                .map(String::from)
                .collect()
        })
        .unwrap_or_default();
    let known = known_instance(&id, &text, report);
    Some(Covered {
        finding: text("finding").map(String::from),
        reason: Reason {
            instance: known.unwrap_or_else(|| instance(&id, member, text("subject"), report)),
            id,
            decision,
            message: message.into(),
            evidence,
            party: text("party").map(String::from),
            rule: format!("data.bonafide.{rule}"),
            waiver: None,
        },
    })
}

/// Two rules that say the same thing are one reason, the worse of the two.
pub(super) fn push(reasons: &mut Vec<Covered>, new: Covered) {
    match reasons
        .iter_mut()
        .find(|r| r.reason.instance == new.reason.instance)
    {
        Some(known) if known.reason.decision < new.reason.decision => *known = new,
        Some(_) => {}
        None => reasons.push(new),
    }
}

/// The instance of the finding that the reason repeats: the one it names, or the one of the same id on the same signature.
/// One thing has one instance, whether a check or a rule says it.
fn known_instance<'m>(
    id: &str,
    wanted: &impl Fn(&str) -> Option<&'m str>,
    report: &Rego,
) -> Option<String> {
    let named = wanted("finding");
    let same = |finding: &&Rego| match named {
        Some(instance) => text(finding, "instance") == Some(instance),
        None => {
            text(finding, "id") == Some(id)
                && text(finding, "subject") == wanted("subject")
                && text(finding, "signature") == wanted("signature")
        }
    };
    let known = list(report, "findings").iter().find(same)?;
    text(known, "instance").map(String::from)
}

/// SHA-256 over the id, the digest of the subject, and the members of the reason that are facts: not its wording and not the
/// evidence handles, which depend on the rest of the report.
fn instance(id: &str, member: &Value, subject: Option<&str>, report: &Rego) -> String {
    let mut hash = Sha256::new();
    frame(&mut hash, b"bonafide/reason/v1");
    frame(&mut hash, id.as_bytes());
    frame(&mut hash, digest_of(report, subject).as_bytes());
    match member {
        Value::Object(fields) => {
            for (name, value) in fields {
                if !["id", "msg", "evidence"].contains(&name.as_str()) {
                    frame(&mut hash, name.as_bytes());
                    frame(&mut hash, value.to_string().as_bytes());
                }
            }
        }
        other => frame(&mut hash, other.to_string().as_bytes()),
    }
    hex(&hash.finalize())
}

/// SHA-256 of the subject that a reason names, else of the first; where there is none, its path.
fn digest_of<'r>(report: &'r Rego, subject: Option<&str>) -> &'r str {
    let named = list(report, "subjects")
        .iter()
        .find(|s| subject.is_none_or(|id| text(s, "id") == Some(id)));
    let digest = named
        .and_then(|s| member(s, "digests"))
        .and_then(|digests| text(digests, "sha256"));
    digest
        .or_else(|| named.and_then(|s| text(s, "path")))
        .unwrap_or_default()
}

/// Bytes with their length before them, so that no two lists of facts hash alike.
pub(super) fn frame(hash: &mut Sha256, bytes: &[u8]) {
    hash.update(u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
    hash.update(bytes);
}

/// A check of the report ended well: a signature holds, or a finding about integrity, identity or a channel passed.
pub(super) fn something_passed(report: &Rego) -> bool {
    let is = |value: &Rego, name: &str, word: &str| text(value, name) == Some(word);
    list(report, "subjects")
        .iter()
        .flat_map(|subject| list(subject, "signatures"))
        .any(|signature| is(signature, "integrity", "valid"))
        || list(report, "findings").iter().any(|finding| {
            is(finding, "status", "pass")
                && (is(finding, "dimension", "integrity")
                    || is(finding, "dimension", "identity")
                    || is(finding, "dimension", "channel"))
        })
}

pub(super) fn nothing_checked(report: &Rego) -> Covered {
    let member = Value::String("nothing that was examined passed a check".into());
    Covered {
        finding: None,
        reason: Reason {
            id: "nothing-checked".into(),
            decision: Decision::Review,
            message: "nothing that was examined passed a check, and allow has to be earned".into(),
            instance: instance("nothing-checked", &member, None, report),
            evidence: Vec::new(),
            party: None,
            rule: "decide".into(),
            waiver: None,
        },
    }
}
