//! K: how keys are kept.

use std::collections::BTreeSet;

use super::{Check, Group, Said, Scene, list};
use crate::channel::findings as found;
use crate::model::channel::SignatureStatus;
use crate::model::finding::Severity;

pub(super) static ALL: &[Check] = &[
    Check {
        id: "K1",
        group: Group::Keys,
        title: "the root demands two signatures or more",
        severity: Severity::Medium,
        fix: "keep root keys with several people and demand a majority of them",
        finding: Some(&found::ROOT_THRESHOLD_ONE),
        ask: None,
    },
    Check {
        id: "K2",
        group: Group::Keys,
        title: "keys that are online are not those that decide",
        severity: Severity::Medium,
        fix: "sign what changes daily with other keys than what names keys",
        finding: Some(&found::ROLES_NOT_SEPARATED),
        ask: None,
    },
    Check {
        id: "K3",
        group: Group::Keys,
        title: "keys can be rotated, and were",
        severity: Severity::Medium,
        fix: "publish the next key under the signature of the present one",
        finding: Some(&found::NO_KEY_ROTATION),
        ask: None,
    },
    Check {
        id: "K4",
        group: Group::Keys,
        title: "independent signers",
        severity: Severity::Info,
        fix: "let a second party sign what is served",
        finding: None,
        ask: Some(signers),
    },
    Check {
        id: "K5",
        group: Group::Keys,
        title: "a key can be revoked so that clients learn of it",
        severity: Severity::Medium,
        fix: "name a way by which clients learn that a key is revoked",
        finding: Some(&found::NO_REVOCATION_PATH),
        ask: None,
    },
];

/// Keys whose signatures hold, and the domains in the names of their owners.
fn signers(scene: &Scene<'_>) -> Said {
    let mut keys = BTreeSet::new();
    let mut domains = BTreeSet::new();
    for document in &scene.channel.documents {
        for signature in &document.signatures {
            if matches!(signature.status, SignatureStatus::Verified(_)) {
                keys.insert(signature.key.id.as_str());
                let owner = signature.key.owner.as_deref().unwrap_or_default();
                if let Some((_, domain)) = owner.rsplit_once('@') {
                    domains.insert(domain.trim_end_matches('>').to_ascii_lowercase());
                }
            }
        }
    }
    if keys.is_empty() {
        return Said::unknown("no signature holds");
    }
    let domains: Vec<String> = domains.into_iter().collect();
    let of = if domains.is_empty() {
        String::new()
    } else {
        format!(" of {}", list(&domains))
    };
    Said::pass(format!("{} keys{of}", keys.len()))
}
