//! What the chain from a registry to a fetched file says of the file.
//!
//! Proves that the bytes are those the registry states, where it states a digest; not that the registry tells the truth.

use crate::model::digest::hex;
use crate::model::evidence::{Evidence, Locator, Source};
use crate::model::finding::{Finding, Status};
use crate::model::origin::{Edge, Link, Origin};
use crate::verify::findings::origin::{
    PACKAGE_YANKED, REGISTRY_HASH_MATCHES, REGISTRY_HASH_MISMATCH, REGISTRY_HASH_MISSING,
    REGISTRY_HASH_WEAK, REGISTRY_OVER_HTTP,
};

/// Findings about where a subject comes from.
pub fn findings(origin: &Origin) -> Vec<Finding> {
    let mut findings = Vec::new();
    for edge in &origin.edges {
        let definition = match edge.status {
            Status::Fail => &REGISTRY_HASH_MISMATCH,
            Status::Review => &REGISTRY_HASH_WEAK,
            // An unsigned index is the chain's state and no finding of its own; a file without a digest is told below.
            Status::Unknown | Status::Pass => continue,
        };
        let message = format!("{}: {}", edge.what, edge.reason);
        findings.push(
            Finding::new(definition, edge.status, message).with(evidence(origin, Some(edge))),
        );
    }
    if origin.registry.is_some() {
        findings.extend(about_file(origin));
    }
    if let Some(why) = &origin.yanked {
        let message = match why.as_str() {
            "" => "the registry has withdrawn this release and gives no reason".to_owned(),
            why => format!("the registry has withdrawn this release: {why}"),
        };
        findings.push(
            Finding::new(&PACKAGE_YANKED, Status::Review, message).with(evidence(origin, None)),
        );
    }
    let plain = origin
        .addresses()
        .filter(|a| a.starts_with("http://"))
        .count();
    if plain > 0 {
        let message = format!(
            "{plain} of {} addresses without TLS",
            origin.addresses().count()
        );
        findings.push(
            Finding::new(&REGISTRY_OVER_HTTP, Status::Review, message).with(evidence(origin, None)),
        );
    }
    findings
}

/// Whether the file itself is bound: no edge to it at all is as unknown as one that came to nothing.
fn about_file(origin: &Origin) -> Option<Finding> {
    let last = origin.edges.iter().rfind(|e| e.link == Link::File);
    let (definition, status, message) = match last {
        None => (
            &REGISTRY_HASH_MISSING,
            Status::Unknown,
            "no digest of the file was compared".to_owned(),
        ),
        Some(edge) => match edge.status {
            Status::Unknown => (&REGISTRY_HASH_MISSING, Status::Unknown, edge.reason.clone()),
            // Every digest on the way has to agree.
            Status::Pass if origin.edges.iter().all(|e| e.status != Status::Fail) => {
                (&REGISTRY_HASH_MATCHES, Status::Pass, edge.reason.clone())
            }
            Status::Pass | Status::Review | Status::Fail => return None,
        },
    };
    Some(Finding::new(definition, status, message).with(evidence(origin, last)))
}

fn evidence(origin: &Origin, edge: Option<&Edge>) -> Evidence {
    // The document that states it, where there is one.
    let address = origin.documents.last().unwrap_or(&origin.url);
    Evidence {
        source: Source::Network,
        locator: Locator::Url(address.clone()),
        excerpt: edge.and_then(|e| Some(format!("{} {}", e.algorithm?, hex(&e.stated)))),
        citation: None,
        observed_at: None,
    }
}

#[cfg(test)]
mod tests {
    use super::findings;
    use crate::model::digest::DigestAlgorithm;
    use crate::model::finding::Status;
    use crate::model::origin::{Edge, Link, Origin, Registry};

    fn origin(edges: Vec<Edge>) -> Origin {
        Origin {
            locator: "pypi:a==1".into(),
            registry: Some(Registry {
                kind: "pypi",
                address: "https://r.example/".into(),
                configured_by: "--registry".into(),
            }),
            url: "https://r.example/a".into(),
            hops: Vec::new(),
            documents: vec!["https://r.example/simple/a/".into()],
            yanked: None,
            stated: Vec::new(),
            edges,
            gaps: Vec::new(),
        }
    }

    fn ids(origin: &Origin) -> Vec<(&'static str, Status)> {
        findings(origin)
            .iter()
            .map(|f| (f.definition.id, f.status))
            .collect()
    }

    fn edge(link: Link, algorithm: DigestAlgorithm, same: bool) -> Edge {
        let stated = vec![7; algorithm.output_len()];
        let computed = if same {
            stated.clone()
        } else {
            vec![8; algorithm.output_len()]
        };
        Edge::compared(link, "a to b", algorithm, stated, computed)
    }

    #[test]
    fn no_edge_at_all_is_unknown() {
        assert_eq!(
            ids(&origin(vec![])),
            [("registry-hash-missing", Status::Unknown)]
        );
        let open = Edge::open(Link::Anchor, "index", "not signed");
        assert_eq!(
            ids(&origin(vec![open])),
            [("registry-hash-missing", Status::Unknown)]
        );
    }

    #[test]
    fn each_outcome_of_an_edge_has_its_finding() {
        let file = |algorithm, same| origin(vec![edge(Link::File, algorithm, same)]);
        assert_eq!(
            ids(&file(DigestAlgorithm::Sha256, true)),
            [("registry-hash-matches", Status::Pass)]
        );
        assert_eq!(
            ids(&file(DigestAlgorithm::Sha1, true)),
            [("registry-hash-weak", Status::Review)]
        );
        assert_eq!(
            ids(&file(DigestAlgorithm::Sha256, false)),
            [("registry-hash-mismatch", Status::Fail)]
        );
        let mut short = file(DigestAlgorithm::Sha256, true);
        short.edges = vec![Edge::compared(
            Link::File,
            "x",
            DigestAlgorithm::Sha256,
            vec![1],
            vec![1],
        )];
        assert_eq!(ids(&short), [("registry-hash-missing", Status::Unknown)]);
    }

    #[test]
    fn a_document_that_differs_is_not_made_good_by_a_file_that_agrees() {
        let edges = vec![
            edge(Link::Document, DigestAlgorithm::Sha256, false),
            edge(Link::File, DigestAlgorithm::Sha256, true),
        ];
        assert_eq!(
            ids(&origin(edges)),
            [("registry-hash-mismatch", Status::Fail)]
        );
    }

    #[test]
    fn withdrawal_and_plain_http_are_told_wherever_they_occur() {
        let mut withdrawn = origin(vec![edge(Link::File, DigestAlgorithm::Sha256, true)]);
        withdrawn.yanked = Some("broken".into());
        withdrawn.hops.push("http://mirror.example/a".into());
        assert_eq!(
            ids(&withdrawn)[1..],
            [
                ("package-yanked", Status::Review),
                ("registry-over-http", Status::Review)
            ]
        );
    }

    #[test]
    fn an_address_that_the_user_named_owes_no_digest() {
        let mut address = origin(vec![]);
        address.registry = None;
        assert_eq!(ids(&address), []);
    }
}
