//! What the checks of the scorecard raise. Each has its long text in `docs/findings/<id>.md`.

use crate::model::finding::{Definition, Dimension, Severity};

/// All of them, a list a dialect beside the shared one; a test holds these lists against the documents and the code.
pub static ALL: &[&[&Definition]] = &[SHARED];

/// What the scorecard raises in every kind of channel.
pub static SHARED: &[&Definition] = &[
    &ARTIFACT_OVER_HTTP_UNBOUND,
    &REDIRECT_TO_HTTP,
    &HTTP_FALLBACK_ALLOWED,
    &CROSS_HOST_REDIRECT,
    &CHANNEL_TLS_WEAK,
    &PRIVATE_CA_CHAIN,
    &METADATA_UNSIGNED,
    &METADATA_NOT_AUTHENTICATED,
    &CHANNEL_AUTHENTICATED,
    &CHANNEL_CLIENT_REFUSES,
    &CHANNEL_SIGNATURE_NOT_VERIFIED,
    &ARTIFACT_NOT_BOUND,
    &WEAK_HASH_ON_PATH,
    &CHANNEL_SIGNATURE_WEAK,
    &CHANNEL_KEY_STALE,
    &FEED_AND_ARTIFACT_SIGNERS_DIFFER,
    &UNSIGNED_BYTES_IN_SIGNED_DOCUMENT,
    &CLIENT_FAILS_OPEN,
    &ANCHOR_SAME_ORIGIN,
    &METADATA_DATE_MISSING_OR_FUTURE,
    &METADATA_HAS_NO_EXPIRY,
    &METADATA_EXPIRY_FAR,
    &METADATA_EXPIRED,
    &CHANNEL_ROLLBACK,
    &VERSION_NOT_SIGNED,
    &SIGNATURE_CLAIMS_DIFFER,
    &DOWNGRADE_ALLOWED,
    &CLIENT_IGNORES_FRESHNESS,
    &ROOT_THRESHOLD_ONE,
    &ROLES_NOT_SEPARATED,
    &NO_KEY_ROTATION,
    &NO_REVOCATION_PATH,
    &INDEX_AND_ARTIFACT_DIFFER,
    &NO_CONSISTENT_SNAPSHOT,
    &MIX_AND_MATCH_POSSIBLE,
    &SPLIT_VIEW,
    &AMBIGUOUS_METADATA,
    &NO_SIZE_STATED,
    &NOT_IN_TRANSPARENCY_LOG,
    &NO_BUILD_PROVENANCE,
    &CHANNEL_OWNER_DIFFERS,
    &CHANNEL_PUBLISHER_CHANGED,
];

/// An artifact travels over http and no signed digest binds it.
pub static ARTIFACT_OVER_HTTP_UNBOUND: Definition = Definition {
    id: "artifact-over-http-unbound",
    dimension: Dimension::Channel,
    severity: Severity::High,
    title: "an artifact travels over http and no signed digest binds it",
    references: &[],
};

/// A redirect leads from https to http.
pub static REDIRECT_TO_HTTP: Definition = Definition {
    id: "redirect-to-http",
    dimension: Dimension::Channel,
    severity: Severity::High,
    title: "a redirect leads from https to http",
    references: &["RFC 9110, section 15.4"],
};

/// The client may fall back to http.
pub static HTTP_FALLBACK_ALLOWED: Definition = Definition {
    id: "http-fallback-allowed",
    dimension: Dimension::Channel,
    severity: Severity::High,
    title: "the client may fall back to http",
    references: &[],
};

/// An answer comes from another host than the one that was asked.
pub static CROSS_HOST_REDIRECT: Definition = Definition {
    id: "cross-host-redirect",
    dimension: Dimension::Channel,
    severity: Severity::Medium,
    title: "an answer comes from another host than the one that was asked",
    references: &[],
};

/// The TLS of a channel's host is weak or does not hold.
pub static CHANNEL_TLS_WEAK: Definition = Definition {
    id: "channel-tls-weak",
    dimension: Dimension::Channel,
    severity: Severity::Medium,
    title: "the TLS of a channel's host is weak or does not hold",
    references: &["RFC 8996"],
};

/// A host's chain ends in an authority that is not public.
pub static PRIVATE_CA_CHAIN: Definition = Definition {
    id: "private-ca-chain",
    dimension: Dimension::Channel,
    severity: Severity::Medium,
    title: "a host's chain ends in an authority that is not public",
    references: &[],
};

/// The channel's first document carries no signature.
pub static METADATA_UNSIGNED: Definition = Definition {
    id: "metadata-unsigned",
    dimension: Dimension::Channel,
    severity: Severity::Critical,
    title: "the channel's first document carries no signature",
    references: &[],
};

/// No signature holds by an anchor that the channel did not deliver itself.
pub static METADATA_NOT_AUTHENTICATED: Definition = Definition {
    id: "metadata-not-authenticated",
    dimension: Dimension::Channel,
    severity: Severity::Critical,
    title: "no signature holds by an anchor that the channel did not deliver itself",
    references: &[],
};

/// A strong path leads from a known anchor to everything that was looked at.
pub static CHANNEL_AUTHENTICATED: Definition = Definition {
    id: "channel-authenticated",
    dimension: Dimension::Channel,
    severity: Severity::Info,
    title: "a strong path leads from a known anchor to everything that was looked at",
    references: &[],
};

/// The channel's own client would refuse what it serves.
pub static CHANNEL_CLIENT_REFUSES: Definition = Definition {
    id: "channel-client-refuses",
    dimension: Dimension::Channel,
    severity: Severity::High,
    title: "the channel's own client would refuse what it serves",
    references: &[],
};

/// A signature of the channel does not hold beside others that do.
pub static CHANNEL_SIGNATURE_NOT_VERIFIED: Definition = Definition {
    id: "channel-signature-not-verified",
    dimension: Dimension::Channel,
    severity: Severity::Medium,
    title: "a signature of the channel does not hold beside others that do",
    references: &[],
};

/// No signed path leads to an artifact.
pub static ARTIFACT_NOT_BOUND: Definition = Definition {
    id: "artifact-not-bound",
    dimension: Dimension::Channel,
    severity: Severity::Critical,
    title: "no signed path leads to an artifact",
    references: &[],
};

/// A link of the authenticity path is a digest that is broken.
pub static WEAK_HASH_ON_PATH: Definition = Definition {
    id: "weak-hash-on-path",
    dimension: Dimension::Channel,
    severity: Severity::High,
    title: "a link of the authenticity path is a digest that is broken",
    references: &["RFC 6151", "RFC 6194"],
};

/// A signature that counts is of a weak scheme.
pub static CHANNEL_SIGNATURE_WEAK: Definition = Definition {
    id: "channel-signature-weak",
    dimension: Dimension::Channel,
    severity: Severity::High,
    title: "a signature that counts is of a weak scheme",
    references: &["NIST SP 800-131A Rev. 2"],
};

/// A signing key has ended, or has no end and is old.
pub static CHANNEL_KEY_STALE: Definition = Definition {
    id: "channel-key-stale",
    dimension: Dimension::Channel,
    severity: Severity::Medium,
    title: "a signing key has ended, or has no end and is old",
    references: &[],
};

/// Who signs the feed and who signs the artifacts do not fit together.
pub static FEED_AND_ARTIFACT_SIGNERS_DIFFER: Definition = Definition {
    id: "feed-and-artifact-signers-differ",
    dimension: Dimension::Channel,
    severity: Severity::High,
    title: "who signs the feed and who signs the artifacts do not fit together",
    references: &[],
};

/// Bytes stand in or around a signed document that no signature covers.
pub static UNSIGNED_BYTES_IN_SIGNED_DOCUMENT: Definition = Definition {
    id: "unsigned-bytes-in-signed-document",
    dimension: Dimension::Channel,
    severity: Severity::High,
    title: "bytes stand in or around a signed document that no signature covers",
    references: &["CVE-2013-1051"],
};

/// The client goes on where a check fails or is missing.
pub static CLIENT_FAILS_OPEN: Definition = Definition {
    id: "client-fails-open",
    dimension: Dimension::Channel,
    severity: Severity::High,
    title: "the client goes on where a check fails or is missing",
    references: &[],
};

/// The trust anchor came from the channel that it is to vouch for.
pub static ANCHOR_SAME_ORIGIN: Definition = Definition {
    id: "anchor-same-origin",
    dimension: Dimension::Channel,
    severity: Severity::High,
    title: "the trust anchor came from the channel that it is to vouch for",
    references: &[],
};

/// The signed metadata carry no date, or one in the future.
pub static METADATA_DATE_MISSING_OR_FUTURE: Definition = Definition {
    id: "metadata-date-missing-or-future",
    dimension: Dimension::Channel,
    severity: Severity::Medium,
    title: "the signed metadata carry no date, or one in the future",
    references: &[],
};

/// The metadata can be served for ever.
pub static METADATA_HAS_NO_EXPIRY: Definition = Definition {
    id: "metadata-has-no-expiry",
    dimension: Dimension::Channel,
    severity: Severity::Medium,
    title: "the metadata can be served for ever",
    references: &[],
};

/// The expiry is too far away to protect anybody.
pub static METADATA_EXPIRY_FAR: Definition = Definition {
    id: "metadata-expiry-far",
    dimension: Dimension::Channel,
    severity: Severity::Medium,
    title: "the expiry is too far away to protect anybody",
    references: &[],
};

/// The metadata were valid until before the judgement time.
pub static METADATA_EXPIRED: Definition = Definition {
    id: "metadata-expired",
    dimension: Dimension::Channel,
    severity: Severity::High,
    title: "the metadata were valid until before the judgement time",
    references: &[],
};

/// A document of the channel went back in version or date.
pub static CHANNEL_ROLLBACK: Definition = Definition {
    id: "channel-rollback",
    dimension: Dimension::Channel,
    severity: Severity::Critical,
    title: "a document of the channel went back in version or date",
    references: &[],
};

/// The version of a release is covered by no signature.
pub static VERSION_NOT_SIGNED: Definition = Definition {
    id: "version-not-signed",
    dimension: Dimension::Channel,
    severity: Severity::High,
    title: "the version of a release is covered by no signature",
    references: &[],
};

/// Name, version or time inside a signature are not those of the feed.
pub static SIGNATURE_CLAIMS_DIFFER: Definition = Definition {
    id: "signature-claims-differ",
    dimension: Dimension::Channel,
    severity: Severity::Medium,
    title: "name, version or time inside a signature are not those of the feed",
    references: &[],
};

/// The client accepts older versions.
pub static DOWNGRADE_ALLOWED: Definition = Definition {
    id: "downgrade-allowed",
    dimension: Dimension::Channel,
    severity: Severity::Medium,
    title: "the client accepts older versions",
    references: &[],
};

/// The client does not look at dates.
pub static CLIENT_IGNORES_FRESHNESS: Definition = Definition {
    id: "client-ignores-freshness",
    dimension: Dimension::Channel,
    severity: Severity::High,
    title: "the client does not look at dates",
    references: &[],
};

/// One key alone can change which keys are trusted.
pub static ROOT_THRESHOLD_ONE: Definition = Definition {
    id: "root-threshold-one",
    dimension: Dimension::Channel,
    severity: Severity::Medium,
    title: "one key alone can change which keys are trusted",
    references: &[],
};

/// A key that is online also decides who is trusted.
pub static ROLES_NOT_SEPARATED: Definition = Definition {
    id: "roles-not-separated",
    dimension: Dimension::Channel,
    severity: Severity::Medium,
    title: "a key that is online also decides who is trusted",
    references: &[],
};

/// No way to change the signing key is seen.
pub static NO_KEY_ROTATION: Definition = Definition {
    id: "no-key-rotation",
    dimension: Dimension::Channel,
    severity: Severity::Medium,
    title: "no way to change the signing key is seen",
    references: &[],
};

/// Clients cannot learn that a key is revoked.
pub static NO_REVOCATION_PATH: Definition = Definition {
    id: "no-revocation-path",
    dimension: Dimension::Channel,
    severity: Severity::Medium,
    title: "clients cannot learn that a key is revoked",
    references: &[],
};

/// What came is not what the index names.
pub static INDEX_AND_ARTIFACT_DIFFER: Definition = Definition {
    id: "index-and-artifact-differ",
    dimension: Dimension::Channel,
    severity: Severity::Critical,
    title: "what came is not what the index names",
    references: &[],
};

/// Documents cannot be asked for by their digest.
pub static NO_CONSISTENT_SNAPSHOT: Definition = Definition {
    id: "no-consistent-snapshot",
    dimension: Dimension::Channel,
    severity: Severity::Low,
    title: "documents cannot be asked for by their digest",
    references: &[],
};

/// Documents of different times can be combined.
pub static MIX_AND_MATCH_POSSIBLE: Definition = Definition {
    id: "mix-and-match-possible",
    dimension: Dimension::Channel,
    severity: Severity::Medium,
    title: "documents of different times can be combined",
    references: &[],
};

/// Two vantages are served different things.
pub static SPLIT_VIEW: Definition = Definition {
    id: "split-view",
    dimension: Dimension::Channel,
    severity: Severity::Critical,
    title: "two vantages are served different things",
    references: &[],
};

/// A document can be read in more than one way.
pub static AMBIGUOUS_METADATA: Definition = Definition {
    id: "ambiguous-metadata",
    dimension: Dimension::Channel,
    severity: Severity::Medium,
    title: "a document can be read in more than one way",
    references: &[],
};

/// The size of an artifact is not stated.
pub static NO_SIZE_STATED: Definition = Definition {
    id: "no-size-stated",
    dimension: Dimension::Channel,
    severity: Severity::Low,
    title: "the size of an artifact is not stated",
    references: &[],
};

/// The release is in no transparency log.
pub static NOT_IN_TRANSPARENCY_LOG: Definition = Definition {
    id: "not-in-transparency-log",
    dimension: Dimension::Channel,
    severity: Severity::Medium,
    title: "the release is in no transparency log",
    references: &[],
};

/// No provenance of the build is offered.
pub static NO_BUILD_PROVENANCE: Definition = Definition {
    id: "no-build-provenance",
    dimension: Dimension::Channel,
    severity: Severity::Medium,
    title: "no provenance of the build is offered",
    references: &[],
};

/// Feed, signer and vendor are not of one owner.
pub static CHANNEL_OWNER_DIFFERS: Definition = Definition {
    id: "channel-owner-differs",
    dimension: Dimension::Channel,
    severity: Severity::Medium,
    title: "feed, signer and vendor are not of one owner",
    references: &[],
};

/// The publisher of the channel is not the one that it was.
pub static CHANNEL_PUBLISHER_CHANGED: Definition = Definition {
    id: "channel-publisher-changed",
    dimension: Dimension::Channel,
    severity: Severity::High,
    title: "the publisher of the channel is not the one that it was",
    references: &[],
};
