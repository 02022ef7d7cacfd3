//! Whose certificate it is: the alternative name and the extensions that the issuing authority copies from the identity's token.

use crate::base::der::{Reader, tag};
use crate::base::oid::Oid;
use crate::model::certificate::Certificate;

/// Extensions of Fulcio by their last arc under 1.3.6.1.4.1.57264.1, by name. 1 to 6 hold raw text, the later ones a UTF8String.
const EXTENSIONS: [(u32, &str); 21] = [
    (1, "issuer"),
    (2, "github-workflow-trigger"),
    (3, "github-workflow-sha"),
    (4, "github-workflow-name"),
    (5, "github-workflow-repository"),
    (6, "github-workflow-ref"),
    (8, "issuer"),
    (9, "build-signer-uri"),
    (10, "build-signer-digest"),
    (11, "runner-environment"),
    (12, "source-repository-uri"),
    (13, "source-repository-digest"),
    (14, "source-repository-ref"),
    (15, "source-repository-identifier"),
    (16, "source-repository-owner-uri"),
    (17, "source-repository-owner-identifier"),
    (18, "build-config-uri"),
    (19, "build-config-digest"),
    (20, "build-trigger"),
    (21, "run-invocation-uri"),
    (22, "source-repository-visibility-at-signing"),
];

/// One thing that the issuing authority says of an identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// What: `source-repository-uri`, `build-signer-digest` ….
    pub name: &'static str,
    /// What it is.
    pub value: String,
}

/// The identity in a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Alternative names: mail addresses, addresses of workflows, other names.
    pub names: Vec<String>,
    /// Who vouched for the identity to the issuing authority.
    pub issuer: Option<String>,
    /// What else it said.
    pub claims: Vec<Claim>,
    /// The certificate in DER.
    pub certificate: Vec<u8>,
}

impl Identity {
    pub(super) fn read(leaf: &Certificate) -> Self {
        let mut claims = Vec::new();
        let mut issuer = None;
        for (arc, name) in EXTENSIONS {
            let oid = Oid::parse(&format!("1.3.6.1.4.1.57264.1.{arc}"));
            let Some(value) = oid.and_then(|oid| leaf.extensions.get(&oid)) else {
                continue;
            };
            let Some(text) = text(value, arc) else {
                continue;
            };
            if name == "issuer" {
                // The later form stands behind the earlier one and counts.
                issuer = Some(text);
            } else {
                claims.push(Claim { name, value: text });
            }
        }
        Self {
            names: names(leaf),
            issuer,
            claims,
            certificate: leaf.der.clone(),
        }
    }

    /// Whether it is this identity at this issuer: both, and exactly.
    pub fn is(&self, name: &str, issuer: &str) -> bool {
        self.issuer.as_deref() == Some(issuer) && self.names.iter().any(|n| n == name)
    }
}

fn text(value: &[u8], arc: u32) -> Option<String> {
    let octets = if arc <= 6 {
        value
    } else {
        let mut reader = Reader::der(value);
        let text = reader.expect(tag::UTF8_STRING, "expected text").ok()?;
        reader.finish().ok()?;
        text.value
    };
    String::from_utf8(octets.to_vec()).ok()
}

/// rfc822Name, dNSName and uniformResourceIdentifier, and otherName with text inside (RFC 5280 section 4.2.1.6).
fn names(leaf: &Certificate) -> Vec<String> {
    let mut found = Vec::new();
    let value = leaf.extensions.subject_alt_name.as_deref();
    let Some(mut list) = value
        .and_then(|value| Reader::der(value).any().ok())
        .map(|list| list.reader())
    else {
        return found;
    };
    while let Ok(name) = list.any() {
        let octets = match name.tag {
            t if t == tag::context(1) || t == tag::context(2) || t == tag::context(6) => {
                Some(name.value)
            }
            t if t == tag::explicit(0) => other_name(name.reader()),
            _ => None,
        };
        found.extend(octets.and_then(|o| String::from_utf8(o.to_vec()).ok()));
    }
    found
}

fn other_name(mut fields: Reader<'_>) -> Option<&[u8]> {
    fields.any().ok()?;
    let wrapped = fields.any().ok()?;
    let inner = wrapped.reader().any().ok()?;
    (inner.tag == tag::UTF8_STRING).then_some(inner.value)
}
