//! Folds what a scan comes upon: one entry an address, the most telling reading of each, and a bound on how many.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::{bare, classify, host, url};
use crate::model::endpoint::{Encoding, Endpoint, Endpoints, Form, Host, Noise};
use crate::model::extract::{Gap, Span};
use crate::model::updater::Mark;

/// Addresses kept of one file. A browser names some 3,000 in its whole; a list of addresses is data, not configuration.
const MAX_FOUND: usize = 2_000;
/// Noise kept of one file: it is counted more than read.
const MAX_NOISE: usize = 500;
/// Addresses beyond those kept that are still looked at for what they are.
const MAX_PASSED_OVER: u64 = 20_000;
/// Words of updaters kept of one file.
const MAX_MARKS: usize = 32;

pub(super) struct Collector<'k> {
    signatures: &'k [Span],
    found: BTreeMap<String, Endpoint>,
    noise: usize,
    marks: Vec<Mark>,
    passed_over: u64,
}

impl<'k> Collector<'k> {
    pub(super) fn new(signatures: &'k [Span]) -> Self {
        Self {
            signatures,
            found: BTreeMap::new(),
            noise: 0,
            marks: Vec::new(),
            passed_over: 0,
        }
    }

    pub(super) fn url(&mut self, found: url::Found, span: Span, encoding: Encoding) {
        // Within a signature only what the signer typed in is not a certificate's.
        let der = if found.der == Some(0x80) || !self.in_signature(&span) {
            found.der
        } else {
            Some(0x86)
        };
        if self.repeats(&found.key, der.is_none(), &span, encoding) {
            return;
        }
        let scheme = Some(found.scheme);
        let template = host::is_template(&found.path) || matches!(found.host, Host::Template(_));
        self.add(Endpoint {
            kind: classify::kind(scheme, &found.host, &found.path),
            noise: classify::noise(scheme, &found.host, &found.path, der),
            text: found.text,
            key: found.key,
            form: Form::Url,
            host: found.host,
            port: found.port,
            userinfo: found.userinfo,
            template,
            span,
            encoding,
            occurrences: 1,
        });
    }

    pub(super) fn bare(&mut self, found: bare::Found, span: Span, encoding: Encoding) {
        let text = found.host.to_string();
        if self.in_signature(&span) || self.repeats(&text, true, &span, encoding) {
            return;
        }
        self.add(Endpoint {
            kind: classify::kind(None, &found.host, ""),
            noise: classify::noise(None, &found.host, "", None),
            key: text.clone(),
            text,
            form: Form::Host,
            host: found.host,
            port: None,
            userinfo: false,
            template: false,
            span,
            encoding,
            occurrences: 1,
        });
    }

    /// Counts an address that is known already, before any time is spent on what it is; and after a file has gone far over what is
    /// kept, every further one.
    fn repeats(&mut self, key: &str, plain: bool, span: &Span, encoding: Encoding) -> bool {
        let Some(old) = self.found.get_mut(key) else {
            let spent = self.passed_over >= MAX_PASSED_OVER;
            self.passed_over = self.passed_over.saturating_add(u64::from(spent));
            return spent;
        };
        // The reading outside a certificate's string may be no noise.
        if plain && old.noise == Some(Noise::CertificateService) {
            return false;
        }
        old.occurrences = old.occurrences.saturating_add(1);
        if span.start < old.span.start {
            old.span = span.clone();
            old.encoding = encoding;
        }
        true
    }

    /// Equal words are kept where they stand first.
    pub(super) fn mark(&mut self, mark: Mark) {
        let same = self
            .marks
            .iter()
            .any(|m| m.kind == mark.kind && m.value == mark.value);
        if !same && self.marks.len() < MAX_MARKS {
            self.marks.push(mark);
        }
    }

    fn in_signature(&self, span: &Span) -> bool {
        self.signatures
            .iter()
            .any(|s| s.start <= span.start && span.end <= s.end)
    }

    fn add(&mut self, endpoint: Endpoint) {
        let noisy = usize::from(endpoint.noise.is_some());
        let quiet = self.found.len().saturating_sub(self.noise);
        match self.found.entry(endpoint.key.clone()) {
            Entry::Occupied(mut entry) => {
                let old = entry.get_mut();
                old.occurrences = old.occurrences.saturating_add(1);
                // Noise in one place and named plainly in another: plainly.
                if old.noise.is_some() && endpoint.noise.is_none() {
                    old.noise = None;
                    self.noise = self.noise.saturating_sub(1);
                }
                if endpoint.span.start < old.span.start {
                    old.span = endpoint.span;
                    old.encoding = endpoint.encoding;
                    old.text = endpoint.text;
                }
            }
            Entry::Vacant(entry) => {
                let full = if noisy == 1 {
                    self.noise >= MAX_NOISE
                } else {
                    quiet >= MAX_FOUND
                };
                if full {
                    self.passed_over = self.passed_over.saturating_add(1);
                } else {
                    self.noise = self.noise.saturating_add(noisy);
                    entry.insert(endpoint);
                }
            }
        }
    }

    /// What was found, in the order of a reader's interest.
    pub(super) fn finish(self, mut gaps: Vec<Gap>) -> Endpoints {
        let mut found: Vec<Endpoint> = self.found.into_values().collect();
        found.sort_by(|a, b| {
            let rank = |e: &Endpoint| {
                (
                    e.noise,
                    matches!(e.host, Host::Template(_)),
                    e.kind,
                    e.span.start,
                )
            };
            rank(a).cmp(&rank(b)).then_with(|| a.key.cmp(&b.key))
        });
        if self.passed_over > 0 {
            gaps.push(Gap {
                what: format!("addresses named {} times", self.passed_over),
                why: format!("more than {MAX_FOUND} addresses, or {MAX_NOISE} of schemas, licences and the like"),
            });
        }
        let mut marks = self.marks;
        marks.sort_by_key(|m| m.span.start);
        Endpoints { found, marks, gaps }
    }
}
