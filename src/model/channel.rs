//! An update channel: trust anchors, the documents they vouch for, the artifacts these name, and how all of it came here.
//!
//! Every kind of channel reduces to one graph, *anchor → document → … → artifact*, and is as good as the weakest edge of its best
//! path. What the signature covers is explicit: `signed_span` and `claims` are the signature's own, everything else in a
//! document is only as true as the path that leads to it.

use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;

use super::digest::DigestAlgorithm;
use super::extract::{Gap, Span};
use super::finding::{Finding, Severity};
use super::updater::Effect;
use crate::base::time::Time;

/// How well something is vouched for. `Unknown` stands outside the order of the others and never raises anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Strength {
    /// Nothing: plain http, a size.
    None,
    /// An https address and nothing else.
    TransportOnly,
    /// MD5, textbook RSA, RSA under 1024 bits: forged in practice.
    Broken,
    /// SHA-1, DSA, RSA under 2048 bits.
    Legacy,
    /// RSA of 2048 bits or more, ECDSA or EdDSA over SHA-2; SHA-256 or better.
    Strong,
    /// Not established.
    Unknown,
}

impl Strength {
    /// Those that are ordered, weakest first.
    pub const ORDER: [Self; 5] = [
        Self::None,
        Self::TransportOnly,
        Self::Broken,
        Self::Legacy,
        Self::Strong,
    ];

    /// The word used in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::TransportOnly => "transport-only",
            Self::Broken => "broken",
            Self::Legacy => "legacy",
            Self::Strong => "strong",
            Self::Unknown => "unknown",
        }
    }

    /// Place in the order, from the weakest; none for what is not established.
    pub fn rank(self) -> Option<u8> {
        match self {
            Self::None => Some(0),
            Self::TransportOnly => Some(1),
            Self::Broken => Some(2),
            Self::Legacy => Some(3),
            Self::Strong => Some(4),
            Self::Unknown => None,
        }
    }

    /// Of two things that both must hold: the weaker; what is not established leaves only nothing certain.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::None, _) | (_, Self::None) => Self::None,
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            (a, b) if a.rank() <= b.rank() => a,
            (_, b) => b,
        }
    }

    /// Of two things of which one suffices: the stronger. What is not established counts only where nothing else is there.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        match (self.rank(), other.rank()) {
            (None, _) => other,
            (_, None) => self,
            (a, b) if a >= b => self,
            _ => other,
        }
    }

    /// Of a digest that names what comes next.
    pub fn of_digest(algorithm: DigestAlgorithm) -> Self {
        match algorithm {
            DigestAlgorithm::Md2 | DigestAlgorithm::Md5 => Self::Broken,
            DigestAlgorithm::Sha1 => Self::Legacy,
            DigestAlgorithm::Sha224
            | DigestAlgorithm::Sha256
            | DigestAlgorithm::Sha384
            | DigestAlgorithm::Sha512 => Self::Strong,
        }
    }

    /// Of a signature: what its key is worth, and the digest it is over.
    pub fn of_signature(key: &Key, digest: Option<DigestAlgorithm>) -> Self {
        let by_key = match (key.family, key.bits) {
            (KeyFamily::EdDsa | KeyFamily::Ecdsa, _) => Self::Strong,
            (KeyFamily::Rsa, Some(bits)) if bits >= 2048 => Self::Strong,
            (KeyFamily::Rsa, Some(bits)) if bits >= 1024 => Self::Legacy,
            (KeyFamily::Rsa, Some(_)) | (KeyFamily::TextbookRsa, _) => Self::Broken,
            (KeyFamily::Dsa, _) => Self::Legacy,
            (KeyFamily::Rsa, None) | (KeyFamily::Other, _) => Self::Unknown,
        };
        match digest {
            Some(digest) => by_key.and(Self::of_digest(digest)),
            None => by_key,
        }
    }
}

impl fmt::Display for Strength {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A channel as collected and verified.
#[derive(Debug, Clone, Default)]
pub struct Channel {
    /// Id of its dialect: `apt`, `tuf`.
    pub kind: &'static str,
    /// What it is a channel of, in its own words; hostile text.
    pub name: String,
    /// Where it is served from.
    pub origins: Vec<String>,
    /// What is trusted, whatever came with it.
    pub anchors: Vec<Anchor>,
    /// Settings of the client that change what it accepts.
    pub switches: Vec<ClientSwitch>,
    /// What describes the artifacts.
    pub documents: Vec<Document>,
    /// What names what, beside signatures: those stand in their documents and artifacts.
    pub bindings: Vec<Binding>,
    /// What is offered.
    pub releases: Vec<Release>,
    /// The files that are offered, as far as they were asked about.
    pub artifacts: Vec<Artifact>,
    /// How everything came.
    pub fetches: Vec<Fetch>,
    /// What the dialect itself says of checks. Nobody else overrules it, save that what it leaves open hides no failure.
    pub facts: Vec<Fact>,
    /// What it says beside: numbers of packages, names of origins. Text from outside.
    pub stated: Vec<(String, String)>,
    /// What was found beside what the checks of the scorecard stand for.
    pub findings: Vec<Finding>,
    /// What was not looked at.
    pub gaps: Vec<Gap>,
}

/// What a client or a user trusts to begin with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchor {
    /// What it is.
    pub what: AnchorKind,
    /// For people: a name, an address in it; hostile text.
    pub label: String,
    /// Fingerprint or digest, hexadecimal; empty where it has none.
    pub fingerprint: String,
    /// Its key, where it is one.
    pub key: Option<Key>,
    /// From where it is known.
    pub provenance: Provenance,
}

/// What an anchor is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AnchorKind {
    /// One public key.
    Key,
    /// A certificate.
    Certificate,
    /// A TUF root document.
    TufRoot,
    /// A set of keys of which any suffices.
    Keyring,
    /// The name of a publisher that a certificate must carry.
    Publisher,
}

impl AnchorKind {
    /// The word used in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::Certificate => "certificate",
            Self::TufRoot => "tuf-root",
            Self::Keyring => "keyring",
            Self::Publisher => "publisher",
        }
    }
}

/// From where an anchor is known, which decides what a path from it can prove.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Provenance {
    /// It stands in the product that is updated: artifact and offset.
    Embedded {
        /// Which file.
        artifact: String,
        /// Where in it.
        offset: u64,
    },
    /// The machine's distribution installed it.
    DistroKeyring(String),
    /// The user named it.
    UserSupplied(String),
    /// It ships with this program.
    Bundled(String),
    /// It came from where the documents come that it checks: a path from it shows continuity, not authenticity.
    SameOrigin(String),
    /// It was believed when it was first seen.
    FirstUse(String),
}

impl Provenance {
    /// The word used in reports.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Embedded { .. } => "embedded",
            Self::DistroKeyring(_) => "distro-keyring",
            Self::UserSupplied(_) => "user-supplied",
            Self::Bundled(_) => "bundled",
            Self::SameOrigin(_) => "same-origin",
            Self::FirstUse(_) => "first-use",
        }
    }

    /// Where exactly.
    pub fn place(&self) -> String {
        match self {
            Self::Embedded { artifact, offset } => format!("{artifact} at {offset}"),
            Self::DistroKeyring(place)
            | Self::UserSupplied(place)
            | Self::Bundled(place)
            | Self::SameOrigin(place)
            | Self::FirstUse(place) => place.clone(),
        }
    }

    /// The most that a path from such an anchor can be worth.
    pub fn strength(&self) -> Strength {
        match self {
            Self::Embedded { .. }
            | Self::DistroKeyring(_)
            | Self::UserSupplied(_)
            | Self::Bundled(_) => Strength::Strong,
            Self::SameOrigin(address) | Self::FirstUse(address) => of_address(address),
        }
    }
}

/// What an address alone is worth.
pub fn of_address(address: &str) -> Strength {
    let scheme = address.split(':').next().unwrap_or_default();
    if scheme.eq_ignore_ascii_case("https") {
        Strength::TransportOnly
    } else if scheme.eq_ignore_ascii_case("file") {
        // A copy on disk says nothing of the way that it came.
        Strength::Unknown
    } else {
        Strength::None
    }
}

/// A public key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// What kind of arithmetic.
    pub family: KeyFamily,
    /// The algorithm as its specification names it, `rsa4096`, `ed25519`.
    pub algorithm: String,
    /// Length, where it says something.
    pub bits: Option<u32>,
    /// Key id or fingerprint, hexadecimal.
    pub id: String,
    /// When it was made.
    pub created: Option<Time>,
    /// When it ends.
    pub expires: Option<Time>,
    /// Whose it is in its own words; hostile text.
    pub owner: Option<String>,
}

/// What a key computes with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyFamily {
    /// RSA with padding.
    Rsa,
    /// RSA without.
    TextbookRsa,
    /// DSA.
    Dsa,
    /// ECDSA over a NIST or Brainpool curve.
    Ecdsa,
    /// Ed25519, Ed448.
    EdDsa,
    /// Anything else.
    Other,
}

/// A setting of the client that changes what it accepts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientSwitch {
    /// The client's own name for it.
    pub name: String,
    /// Its value, or that it is missing; hostile text.
    pub value: String,
    /// What it does.
    pub effect: Effect,
    /// The file and place that it stands at.
    pub place: String,
}

/// One document of a channel.
#[derive(Debug, Clone, Default)]
pub struct Document {
    /// Its part.
    pub role: Role,
    /// Its syntax: `InRelease`, `appcast`.
    pub format: &'static str,
    /// Its name for people, short: the last part of its address where nothing is better; hostile text.
    pub name: String,
    /// Its address.
    pub url: String,
    /// Index of its fetch.
    pub fetch: Option<usize>,
    /// SHA-256 of its bytes.
    pub sha256: Vec<u8>,
    /// Length in bytes.
    pub size: u64,
    /// Whom it says it is of: `origin`, `suite`, `app_id`; hostile text.
    pub identity: BTreeMap<&'static str, String>,
    /// Its own version, where it counts one.
    pub version: Option<Version>,
    /// When it was issued, in its own words.
    pub issued: Option<Time>,
    /// Until when it holds, in its own words.
    pub expires: Option<Time>,
    /// Signatures over it, each with its own outcome.
    pub signatures: Vec<Signature>,
    /// How many of them the channel's rules demand; one where they say nothing.
    pub threshold: Option<u32>,
    /// What is wrong with it, or beside what is signed.
    pub anomalies: Vec<Anomaly>,
}

impl Document {
    /// Of how many keys a signature must hold.
    pub fn needed(&self) -> usize {
        let needed = usize::try_from(self.threshold.unwrap_or(1));
        needed.unwrap_or(usize::MAX).max(1)
    }
}

/// A version as written, and as a number where it is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// As written; hostile text.
    pub text: String,
    /// Counts up.
    pub number: Option<u64>,
}

/// The part that a document plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Role {
    /// Names the keys of the others.
    Root,
    /// Says what is newest.
    Timestamp,
    /// Says which documents belong together.
    Snapshot,
    /// Lists what there is.
    #[default]
    Index,
    /// Names the files of a release.
    Manifest,
    /// A signature over another.
    Signature,
    /// Configuration of the client.
    Config,
}

impl Role {
    /// The word used in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Root => "root",
            Self::Timestamp => "timestamp",
            Self::Snapshot => "snapshot",
            Self::Index => "index",
            Self::Manifest => "manifest",
            Self::Signature => "signature",
            Self::Config => "config",
        }
    }
}

/// Something about a document's bytes that a reader should not have to meet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anomaly {
    /// What kind.
    pub kind: AnomalyKind,
    /// In one sentence; may quote hostile text.
    pub what: String,
    /// Where.
    pub span: Option<Span>,
}

/// Kinds of anomaly, by the check that they belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AnomalyKind {
    /// Bytes in or around the container that no signature covers.
    Unsigned,
    /// Two readers may read it differently: fields or entries twice, a second paragraph.
    Ambiguous,
    /// It breaks the rules of its syntax and is read all the same.
    Irregular,
    /// It breaks the rules so that it cannot be read.
    Malformed,
}

impl AnomalyKind {
    /// The word used in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unsigned => "unsigned",
            Self::Ambiguous => "ambiguous",
            Self::Irregular => "irregular",
            Self::Malformed => "malformed",
        }
    }
}

/// One signature over a document or an artifact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// Syntax: `openpgp`, `minisign`.
    pub scheme: &'static str,
    /// The digest that it is over, where it names one.
    pub digest: Option<DigestAlgorithm>,
    /// The key that it names or that it verified with.
    pub key: Key,
    /// The bytes of the document that it covers; none for the whole of it.
    pub signed_span: Option<Span>,
    /// When it says that it was made.
    pub signed_at: Option<Time>,
    /// When it ends.
    pub expires: Option<Time>,
    /// What the signature itself covers of names, versions and times; hostile text.
    pub claims: BTreeMap<&'static str, String>,
    /// What the check came to.
    pub status: SignatureStatus,
    /// What it would be worth if it holds.
    pub strength: Strength,
}

/// What a signature check came to. Unsupported is never invalid, and never a pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignatureStatus {
    /// It holds, by this anchor.
    Verified(usize),
    /// It does not.
    Invalid(String),
    /// No key at hand is the one it names.
    NoKey,
    /// It holds by arithmetic that the client, or nobody, accepts any more.
    Weak(String),
    /// The judgement time is not in its time, or in its key's.
    Expired(String),
    /// Its key was revoked.
    Revoked(String),
    /// Its key may not sign it: no binding, no permission.
    KeyUnusable(String),
    /// A scheme that is not computed with.
    Unsupported(String),
    /// Not looked at.
    Unchecked(String),
}

impl SignatureStatus {
    /// The word used in reports.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Verified(_) => "verified",
            Self::Invalid(_) => "invalid",
            Self::NoKey => "no-key",
            Self::Weak(_) => "weak",
            Self::Expired(_) => "expired",
            Self::Revoked(_) => "revoked",
            Self::KeyUnusable(_) => "key-unusable",
            Self::Unsupported(_) => "unsupported",
            Self::Unchecked(_) => "unchecked",
        }
    }

    /// Why, where there is more to say.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Verified(_) | Self::NoKey => None,
            Self::Invalid(why)
            | Self::Weak(why)
            | Self::Expired(why)
            | Self::Revoked(why)
            | Self::KeyUnusable(why)
            | Self::Unsupported(why)
            | Self::Unchecked(why) => Some(why),
        }
    }
}

/// A place in the graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Node {
    /// The address that the client is configured with.
    Origin,
    /// An anchor, by index.
    Anchor(usize),
    /// A document, by index.
    Document(usize),
    /// An artifact, by index.
    Artifact(usize),
}

/// One thing names another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// What names.
    pub from: Node,
    /// What is named.
    pub to: Node,
    /// By what.
    pub how: How,
    /// Whether it is true of the bytes that came.
    pub outcome: Outcome,
    /// Where in the document that names.
    pub span: Option<Span>,
}

/// By what one thing names another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum How {
    /// A signature by keys that the one names, over the other: `2 of 3 ed25519`.
    Signature {
        /// For people.
        label: String,
        /// What it is worth.
        strength: Strength,
    },
    /// A digest.
    Digest(DigestAlgorithm),
    /// A digest of another algorithm.
    OtherDigest {
        /// Its name.
        algorithm: &'static str,
        /// What it is worth.
        strength: Strength,
    },
    /// A length alone.
    Size,
    /// An address alone.
    Address(String),
}

impl How {
    /// What it is worth where it holds.
    pub fn strength(&self) -> Strength {
        match self {
            Self::Signature { strength, .. } | Self::OtherDigest { strength, .. } => *strength,
            Self::Digest(algorithm) => Strength::of_digest(*algorithm),
            Self::Size => Strength::None,
            Self::Address(address) => of_address(address),
        }
    }

    /// For a line of a path.
    pub fn label(&self) -> String {
        match self {
            Self::Signature { label, .. } => label.clone(),
            Self::Digest(algorithm) => algorithm.name().to_owned(),
            Self::OtherDigest { algorithm, .. } => (*algorithm).to_owned(),
            Self::Size => "size".to_owned(),
            Self::Address(address) => address.split(':').next().unwrap_or_default().to_owned(),
        }
    }
}

/// What a comparison came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Compared, and it agrees.
    Holds,
    /// Compared, and it differs.
    Fails(String),
    /// Not compared: what it names did not come, or cannot be computed with.
    Open(String),
}

/// A release that is offered. All text is from outside.
#[derive(Debug, Clone, Default)]
pub struct Release {
    /// Product or package.
    pub product: String,
    /// Version.
    pub version: String,
    /// Track: stable, beta.
    pub track: Option<String>,
    /// When it was published, in the channel's words.
    pub published: Option<Time>,
    /// To how many, where it is staged.
    pub rollout: Option<String>,
    /// The oldest version that may update to it.
    pub min_version: Option<String>,
    /// It is to be installed at once.
    pub critical: bool,
    /// Release notes.
    pub notes_url: Option<String>,
    /// Platforms.
    pub platforms: Vec<String>,
    /// Its files, by index.
    pub artifacts: Vec<usize>,
    /// The document that names it, by index.
    pub document: Option<usize>,
}

/// A file that is offered.
#[derive(Debug, Clone, Default)]
pub struct Artifact {
    /// Its name for people; hostile text.
    pub name: String,
    /// Addresses, the first one preferred.
    pub urls: Vec<String>,
    /// Further places.
    pub mirrors: Vec<Mirror>,
    /// Stated length.
    pub size: Option<u64>,
    /// Stated digests by algorithm, hexadecimal.
    pub digests: BTreeMap<&'static str, String>,
    /// Signatures over it that the channel carries.
    pub signatures: Vec<Signature>,
    /// The version that it is a difference to.
    pub delta_of: Option<String>,
    /// Who the client demands has signed the file itself.
    pub expected_signer: Option<String>,
    /// Index of its fetch, where it was fetched.
    pub fetch: Option<usize>,
}

/// A mirror.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mirror {
    /// Its address.
    pub url: String,
    /// Its country in the channel's own words.
    pub country: Option<String>,
}

/// How something came. Recorded once, replayed for ever.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Fetch {
    /// What was asked.
    pub url: String,
    /// Every answer on the way, the last one that of the body.
    pub hops: Vec<Hop>,
    /// What came of it.
    pub outcome: FetchOutcome,
    /// Headers of the last answer, as far as they are kept; hostile text.
    pub headers: Vec<(String, String)>,
    /// Length of the body.
    pub size: u64,
    /// SHA-256 of the body.
    pub sha256: Vec<u8>,
    /// When.
    pub at: Option<Time>,
    /// From where in the net, in the user's words.
    pub vantage: Option<String>,
}

/// What came of a fetch.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum FetchOutcome {
    /// The whole body.
    Whole,
    /// The server answered with this status.
    Status(u16),
    /// No answer, or one over a limit.
    Failed(String),
    /// Not asked.
    #[default]
    NotAsked,
}

/// One answer on the way to a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hop {
    /// Who was asked.
    pub url: String,
    /// The status.
    pub status: u16,
    /// The address that was connected to.
    pub ip: Option<IpAddr>,
}

/// What a dialect says of a check of the scorecard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// Id of the check: `F2`.
    pub check: &'static str,
    /// What it comes to.
    pub status: CheckStatus,
    /// On what it rests.
    pub evidence: String,
    /// Where it is worse or better than usual.
    pub severity: Option<Severity>,
}

/// What a check of the scorecard came to. Unknown is never a pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CheckStatus {
    /// Looked at and good.
    Pass,
    /// This kind of channel has no such thing.
    NotApplicable,
    /// Not established.
    Unknown,
    /// Looked at and bad.
    Fail,
}

impl CheckStatus {
    /// The word used in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::NotApplicable => "not_applicable",
            Self::Unknown => "unknown",
            Self::Fail => "fail",
        }
    }
}

/// What the channel's own client would do with what was collected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientVerdict {
    /// What it does with the documents.
    pub decision: ClientDecision,
    /// By which of its rules.
    pub reasons: Vec<String>,
    /// What it does with artifacts, by index, and why.
    pub artifacts: Vec<(usize, ClientDecision, String)>,
}

/// What a client does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ClientDecision {
    /// It goes by what came.
    Accepts,
    /// It goes on with what it had, and says nothing or little.
    KeepsOld,
    /// It refuses.
    Rejects,
    /// Its rules are not known here.
    Unknown,
}

impl ClientDecision {
    /// The word used in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Accepts => "accepts",
            Self::KeepsOld => "keeps_old",
            Self::Rejects => "rejects",
            Self::Unknown => "unknown",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Strength;

    #[test]
    fn unknown_never_raises_and_only_nothing_is_certain_beside_it() {
        for known in Strength::ORDER {
            assert_eq!(known.or(Strength::Unknown), known);
            assert_eq!(Strength::Unknown.or(known), known);
            let both = known.and(Strength::Unknown);
            assert_eq!(both, Strength::Unknown.and(known));
            let expected = if known == Strength::None {
                Strength::None
            } else {
                Strength::Unknown
            };
            assert_eq!(both, expected);
        }
    }

    #[test]
    fn both_is_the_weaker_and_either_the_stronger() {
        for (i, weaker) in Strength::ORDER.into_iter().enumerate() {
            for stronger in Strength::ORDER.into_iter().skip(i) {
                assert_eq!(weaker.and(stronger), weaker);
                assert_eq!(stronger.and(weaker), weaker);
                assert_eq!(weaker.or(stronger), stronger);
                assert_eq!(stronger.or(weaker), stronger);
            }
        }
    }
}
