//! What apt would do: its own rules, as apt 2.6 has them, with its checks of dates on unless a source switches them off.

use super::collect::indexes;
use super::read::all_came;
use super::reading::{Form, Reading};
use super::release::{Dated, Release, fingerprints};
use super::source::Source;
use crate::channel::Case;
use crate::channel::openpgp::{Keys, is_allowed};
use crate::model::channel::{
    Anomaly, AnomalyKind as ModelKind, Channel, ClientDecision, ClientVerdict, How, Node, Outcome,
    Role, Strength,
};
use crate::verify::openpgp::{AnomalyKind, Checked, SignatureStatus};

/// `Acquire::Max-FutureTime`: a clock may be this far behind, in seconds.
const MAX_FUTURE: i64 = 10;

/// Fields whose change needs the user's consent.
const NEEDS_CONSENT: [&str; 2] = ["origin", "codename"];

pub(super) fn verdict(case: &Case<'_>) -> ClientVerdict {
    let unknown = |why: String| ClientVerdict {
        decision: ClientDecision::Unknown,
        reasons: vec![why],
        artifacts: Vec::new(),
    };
    let source = match Source::of(case.request) {
        Ok(source) => source,
        Err(error) => return unknown(error.to_string()),
    };
    let keys = match Keys::read(&case.request.anchors) {
        Ok(keys) => keys,
        Err(error) => return unknown(error.to_string()),
    };
    let reading = match Reading::of(&source, case.have, &keys, case.at) {
        Ok(reading) => reading,
        Err(error) => return unknown(error.to_string()),
    };
    let mut rules = Rules {
        case,
        source: &source,
        reading: &reading,
        refuses: Vec::new(),
        open: Vec::new(),
    };
    rules.signatures();
    let old = match &reading.release {
        Ok(release) => {
            rules.release(release);
            rules.earlier(release)
        }
        Err(malformed) => {
            let why = format!("{} at offset {}", malformed.why, malformed.offset);
            rules.refuses.push(why);
            None
        }
    };
    let (decision, reasons) = if !rules.refuses.is_empty() {
        (ClientDecision::Rejects, rules.refuses)
    } else if let Some(why) = old {
        (ClientDecision::KeepsOld, vec![why])
    } else if !rules.open.is_empty() {
        (ClientDecision::Unknown, rules.open)
    } else {
        (ClientDecision::Accepts, Vec::new())
    };
    ClientVerdict {
        decision,
        reasons,
        artifacts: files(case.channel),
    }
}

struct Rules<'a> {
    case: &'a Case<'a>,
    source: &'a Source,
    reading: &'a Reading,
    refuses: Vec<String>,
    open: Vec<String>,
}

impl Rules<'_> {
    fn switched(&self, name: &str) -> bool {
        self.source.switches.iter().any(|s| s.name == name)
    }

    fn refuse(&mut self, why: impl Into<String>) {
        self.refuses.push(why.into());
    }

    fn signatures(&mut self) {
        if self.switched("trusted") {
            return;
        }
        match (&self.reading.checked, self.reading.form) {
            (Err(_), Form::Unsigned) => {
                let was_signed = self.case.before.is_some_and(|b| {
                    b.documents
                        .first()
                        .is_some_and(|d| !d.signatures.is_empty())
                });
                if was_signed {
                    self.refuse("it was signed and no longer is");
                } else if !self.switched("allow-insecure") {
                    self.refuse("it is not signed");
                }
            }
            (Err(why), Form::Inline | Form::Detached) => self.refuse(why.clone()),
            (Ok(checked), _) => {
                self.framing(checked);
                self.signers(checked);
            }
        }
    }

    /// Nothing may stand around what is signed.
    fn framing(&mut self, checked: &Checked) {
        if self.reading.form == Form::Detached && !checked.armored {
            self.refuse("the detached signature is not in armor");
        }
        for anomaly in &checked.anomalies {
            let refused = match anomaly.kind {
                AnomalyKind::TextBefore
                | AnomalyKind::TextBetween
                | AnomalyKind::TextAfter
                | AnomalyKind::SecondMessage
                | AnomalyKind::UnescapedHyphen
                | AnomalyKind::ArmorTail
                | AnomalyKind::OtherPacket => true,
                AnomalyKind::Header
                | AnomalyKind::HashHeaderMissing
                | AnomalyKind::HashHeaderMismatch
                | AnomalyKind::TrailingWhiteSpace
                | AnomalyKind::CarriageReturns
                | AnomalyKind::ArmorChecksum
                | AnomalyKind::UnhashedSubpacket
                | AnomalyKind::IssuerHint
                | AnomalyKind::IntegerLength => false,
            };
            if refused {
                self.refuse(format!("{} in the signed file", anomaly.kind.name()));
            }
        }
    }

    /// One good signature of an allowed key, and none that is plainly wrong.
    fn signers(&mut self, checked: &Checked) {
        let pinned: Vec<String> = if self.source.signed_by.is_empty() {
            let before = self.case.before.and_then(|b| {
                let said = b.stated.iter().find(|(k, _)| k == "signed-by")?;
                Some(fingerprints(&said.1))
            });
            before.unwrap_or_default()
        } else {
            self.source.signed_by.clone()
        };
        let mut good = 0usize;
        let mut open = Vec::new();
        for outcome in &checked.signatures {
            match outcome.status {
                SignatureStatus::Good if pinned.is_empty() || is_allowed(outcome, &pinned) => {
                    good = good.saturating_add(1);
                }
                SignatureStatus::Bad | SignatureStatus::Malformed => {
                    self.refuse("a signature does not hold");
                }
                SignatureStatus::Unsupported => {
                    open.extend(outcome.reasons.iter().map(|r| r.message()));
                }
                SignatureStatus::Good
                | SignatureStatus::Weak
                | SignatureStatus::Expired
                | SignatureStatus::NotYetValid
                | SignatureStatus::KeyExpired
                | SignatureStatus::KeyRevoked
                | SignatureStatus::KeyUnusable
                | SignatureStatus::NoKey => {}
            }
        }
        if good == 0 && open.is_empty() {
            self.refuse("no good signature by a key that is allowed");
        } else if good == 0 {
            self.open.append(&mut open);
        }
    }

    fn release(&mut self, release: &Release) {
        if !release.has_strong_table() && !self.switched("allow-weak") {
            self.refuse("no table of digests that is strong enough");
        }
        if !self.switched("allow-weak") {
            self.weak_indexes(release);
        }
        let at = self.case.at;
        if !self.switched("check-date")
            && let Dated::At(date) = release.dated("date")
            && date.unix_timestamp().saturating_sub(at.unix_timestamp()) > MAX_FUTURE
        {
            self.refuse("its date has not come");
        }
        match release.dated("valid-until") {
            Dated::Garbage => self.refuse("Valid-Until is no date"),
            Dated::At(until) if until < at && !self.switched("check-valid-until") => {
                self.refuse("Valid-Until is past");
            }
            Dated::At(_) | Dated::Missing => {}
        }
        for binding in &self.case.channel.bindings {
            if let (Node::Document(_), Outcome::Fails(why)) = (binding.to, &binding.outcome) {
                self.refuses.push(why.clone());
            }
        }
        if !all_came(self.source, release, self.case.have) {
            self.open.push("not every index came".to_owned());
        }
        for document in &self.case.channel.documents {
            let unread = |a: &&Anomaly| a.kind == ModelKind::Malformed;
            if let (Role::Manifest, Some(anomaly)) =
                (document.role, document.anomalies.iter().find(unread))
            {
                let why = format!("{} cannot be read: {}", document.name, anomaly.what);
                self.open.push(why);
            }
        }
    }

    /// A strong table is of no use to an index that only a weak one lists.
    fn weak_indexes(&mut self, release: &Release) {
        for index in indexes(self.source, release) {
            let weak = index.places.iter().filter(|p| p.algorithm.is_weak());
            let why = || format!("{} has no digest that is strong enough", index.path);
            match weak.count() {
                0 => {}
                all if all == index.places.len() => self.refuses.push(why()),
                _ => self.open.push(format!("a form of {}", why())),
            }
        }
    }

    /// Compared with what the client has: some changes need consent, and an older date changes nothing.
    fn earlier(&mut self, release: &Release) -> Option<String> {
        if let Some(before) = self.case.before.and_then(|b| b.documents.first()) {
            for field in NEEDS_CONSENT {
                let was = before.identity.get(field).map(String::as_str);
                if was.is_some() && was != release.get(field) {
                    self.refuse(format!("{field} changed without consent"));
                }
            }
            if let (Some(was), Some(is)) = (before.issued, release.dated("date").time())
                && is < was
            {
                return Some("its date is older than that of what is at hand".to_owned());
            }
        }
        let listed = !indexes(self.source, release).is_empty();
        (!listed && release.has_strong_table())
            .then(|| "the release file lists no index that was asked for".to_owned())
    }
}

/// A file is installed only where a digest that is strong enough binds it.
fn files(channel: &Channel) -> Vec<(usize, ClientDecision, String)> {
    let all = (0..channel.artifacts.len()).map(|i| {
        let binding = channel.bindings.iter().find(|b| b.to == Node::Artifact(i));
        let (decision, why) = match binding.map(|b| (&b.how, &b.outcome)) {
            Some((_, Outcome::Fails(why))) => (ClientDecision::Rejects, why.clone()),
            Some((_, Outcome::Open(why))) => (ClientDecision::Unknown, why.clone()),
            Some((How::Digest(a), Outcome::Holds))
                if Strength::of_digest(*a) == Strength::Strong =>
            {
                (ClientDecision::Accepts, format!("{a} agrees"))
            }
            Some((_, Outcome::Holds)) => (
                ClientDecision::Rejects,
                "no digest of it is strong enough".to_owned(),
            ),
            None => (ClientDecision::Unknown, "nothing names it".to_owned()),
        };
        (i, decision, why)
    });
    all.collect()
}
