use super::{Basis, line, of};
use crate::model::channel::{
    Anchor, AnchorKind, Artifact, Binding, Channel, Document, Fetch, FetchOutcome, Hop, How, Key,
    KeyFamily, Node, Outcome, Provenance, Role, Signature, SignatureStatus, Strength,
};
use crate::model::digest::DigestAlgorithm;

fn key(family: KeyFamily, algorithm: &str, bits: Option<u32>) -> Key {
    Key {
        family,
        algorithm: algorithm.to_owned(),
        bits,
        id: "00".to_owned(),
        created: None,
        expires: None,
        owner: None,
    }
}

fn signature(status: SignatureStatus, digest: DigestAlgorithm) -> Signature {
    let key = key(KeyFamily::Rsa, "rsa4096", Some(4096));
    Signature {
        scheme: "openpgp",
        digest: Some(digest),
        strength: Strength::of_signature(&key, Some(digest)),
        key,
        signed_span: None,
        signed_at: None,
        expires: None,
        claims: Default::default(),
        status,
    }
}

fn anchor(provenance: Provenance) -> Anchor {
    Anchor {
        what: AnchorKind::Key,
        label: "archive key".to_owned(),
        fingerprint: String::new(),
        key: None,
        provenance,
    }
}

fn fetch(url: &str) -> Fetch {
    Fetch {
        url: url.to_owned(),
        hops: vec![Hop {
            url: url.to_owned(),
            status: 200,
            ip: None,
        }],
        outcome: FetchOutcome::Whole,
        ..Fetch::default()
    }
}

fn binding(from: Node, to: Node, how: How) -> Binding {
    Binding {
        from,
        to,
        how,
        outcome: Outcome::Holds,
        span: None,
    }
}

fn apt() -> Channel {
    let document = |name: &str, fetch| Document {
        name: name.to_owned(),
        role: Role::Index,
        fetch: Some(fetch),
        ..Document::default()
    };
    let mut channel = Channel {
        origins: vec!["http://host.example/".to_owned()],
        anchors: vec![anchor(Provenance::DistroKeyring("k.gpg".to_owned()))],
        documents: vec![document("InRelease", 0), document("Packages.xz", 1)],
        artifacts: vec![Artifact {
            name: "foo.deb".to_owned(),
            ..Artifact::default()
        }],
        fetches: vec![
            fetch("http://host.example/InRelease"),
            fetch("http://host.example/Packages.xz"),
        ],
        bindings: vec![
            binding(
                Node::Document(0),
                Node::Document(1),
                How::Digest(DigestAlgorithm::Sha256),
            ),
            binding(
                Node::Document(1),
                Node::Artifact(0),
                How::Digest(DigestAlgorithm::Sha256),
            ),
        ],
        ..Channel::default()
    };
    channel.documents[0].signatures = vec![signature(
        SignatureStatus::Verified(0),
        DigestAlgorithm::Sha256,
    )];
    channel
}

#[test]
fn a_signed_chain_is_strong_whatever_it_was_fetched_over() {
    let channel = apt();
    let paths = of(&channel);
    assert_eq!(paths.strength, Strength::Strong);
    let best = paths.targets[0].best.as_ref().unwrap();
    assert_eq!(
        line(&channel, best),
        "archive key (distro-keyring) —rsa4096/sha256→ InRelease —sha256→ Packages.xz —sha256→ foo.deb"
    );
    assert_eq!(paths.targets[0].others.len(), 1);
}

#[test]
fn without_anything_the_answer_is_none_and_not_a_pass() {
    let paths = of(&Channel::default());
    assert!(paths.targets.is_empty());
    assert_eq!(paths.strength, Strength::None);
    let mut unreached = apt();
    unreached.bindings.clear();
    let paths = of(&unreached);
    assert_eq!(paths.strength, Strength::None);
    assert_eq!(paths.targets[0].best, None);
}

#[test]
fn the_weakest_edge_decides_and_is_named() {
    let mut channel = apt();
    channel.bindings[1].how = How::Digest(DigestAlgorithm::Md5);
    let paths = of(&channel);
    assert_eq!(paths.strength, Strength::Broken);
    let weakest = paths.targets[0].best.as_ref().unwrap().weakest().unwrap();
    assert_eq!(
        (weakest.basis, weakest.label.as_str()),
        (Basis::Digest, "md5")
    );
}

#[test]
fn an_edge_that_fails_is_none_and_one_that_is_open_never_raises() {
    let mut failed = apt();
    failed.bindings[1].outcome = Outcome::Fails("differs".to_owned());
    assert_eq!(of(&failed).strength, Strength::None);

    let mut open = apt();
    open.bindings[1].outcome = Outcome::Open("not fetched".to_owned());
    // Over http the only established way is worth nothing; the signed one is not established.
    let paths = of(&open);
    assert_eq!(paths.strength, Strength::None);
    assert_eq!(paths.targets[0].others[0].strength, Strength::Unknown);
}

#[test]
fn an_anchor_of_the_same_origin_proves_no_more_than_its_transport() {
    let mut channel = apt();
    channel.anchors[0].provenance = Provenance::SameOrigin("https://host.example/key".to_owned());
    let paths = of(&channel);
    assert_eq!(paths.strength, Strength::TransportOnly);
    assert_eq!(paths.targets[0].best.as_ref().unwrap().weakest(), None);
    channel.anchors[0].provenance = Provenance::FirstUse("http://host.example/key".to_owned());
    assert_eq!(of(&channel).strength, Strength::None);
}

#[test]
fn no_signature_but_a_verified_one_makes_an_edge() {
    let why = String::new;
    for status in [
        SignatureStatus::Invalid(why()),
        SignatureStatus::NoKey,
        SignatureStatus::Weak(why()),
        SignatureStatus::Expired(why()),
        SignatureStatus::Revoked(why()),
        SignatureStatus::KeyUnusable(why()),
        SignatureStatus::Unsupported(why()),
        SignatureStatus::Unchecked(why()),
    ] {
        let mut channel = apt();
        channel.documents[0].signatures = vec![signature(status, DigestAlgorithm::Sha256)];
        assert_eq!(of(&channel).strength, Strength::None);
    }
}

#[test]
fn a_signature_that_is_not_established_makes_an_edge_of_unknown_worth_from_the_address() {
    let ways = |channel: &Channel| {
        let mut paths = of(channel);
        let reached = paths.targets.remove(0);
        let all = reached.best.into_iter().chain(reached.others);
        all.filter(super::Way::is_signed)
            .map(|w| w.strength)
            .collect::<Vec<_>>()
    };
    let mut channel = apt();
    let unsupported = SignatureStatus::Unsupported(String::new());
    channel.documents[0].signatures = vec![signature(unsupported, DigestAlgorithm::Sha256)];
    assert_eq!(ways(&channel), [Strength::Unknown]);
    channel.documents[0].threshold = Some(2);
    assert!(ways(&channel).is_empty());

    let mut channel = apt();
    let no_key = signature(SignatureStatus::NoKey, DigestAlgorithm::Sha256);
    channel.documents[0].signatures = vec![no_key];
    assert!(ways(&channel).is_empty());
    channel.anchors.clear();
    assert_eq!(ways(&channel), [Strength::Unknown]);
}

#[test]
fn fewer_signatures_than_demanded_make_no_edge_and_one_key_counts_once() {
    let mut channel = apt();
    channel.documents[0].threshold = Some(2);
    assert_eq!(of(&channel).strength, Strength::None);
    let again = channel.documents[0].signatures[0].clone();
    channel.documents[0].signatures.push(again);
    assert_eq!(of(&channel).strength, Strength::None);
    channel.documents[0].signatures[1].key.id = "01".to_owned();
    assert_eq!(of(&channel).strength, Strength::Strong);
}

#[test]
fn https_alone_is_transport_only_and_one_plain_hop_takes_it_away() {
    let mut channel = apt();
    channel.anchors.clear();
    channel.documents[0].signatures.clear();
    channel.fetches[0] = fetch("https://host.example/InRelease");
    assert_eq!(of(&channel).strength, Strength::TransportOnly);
    channel.fetches[0].hops.push(Hop {
        url: "http://mirror.example/InRelease".to_owned(),
        status: 200,
        ip: None,
    });
    assert_eq!(of(&channel).strength, Strength::None);
    channel.fetches[0] = fetch("file:///InRelease");
    assert_eq!(of(&channel).strength, Strength::Unknown);
}

#[test]
fn the_worst_artifact_decides_for_the_channel() {
    let mut channel = apt();
    channel.artifacts.push(Artifact::default());
    let paths = of(&channel);
    assert_eq!(paths.strength, Strength::None);
    assert_eq!(paths.worst().unwrap().target, Node::Artifact(1));
}

#[test]
fn a_graph_of_many_ways_ends_and_says_that_it_was_cut() {
    let mut channel = apt();
    channel.documents = vec![Document::default(); 14];
    channel.bindings = (0..14)
        .flat_map(|i| (0..14).map(move |j| (i, j)))
        .map(|(i, j)| {
            binding(
                Node::Document(i),
                Node::Document(j),
                How::Digest(DigestAlgorithm::Sha256),
            )
        })
        .collect();
    channel.documents[0].signatures = vec![signature(
        SignatureStatus::Verified(0),
        DigestAlgorithm::Sha256,
    )];
    assert!(of(&channel).cut);
}
