//! The shape of a policy's input: the JSON report without its verdict (schema 1.0), as far as rules walk it.
//!
//! A reference to a field that is not here is a mistake that Rego would answer with silence. A test holds this table
//! against the published schema.

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    /// Text, numbers, lists of them, or a table that is not walked here.
    Leaf,
    /// An object of this type, or null.
    One(&'static str),
    /// An array of, or a table from handles to, this type.
    Many(&'static str),
}

use Holds::{Leaf, Many, One};

/// Type, then field and what it holds.
pub(super) static TYPES: &[(&str, &[(&str, Holds)])] = &[
    (
        "input",
        &[
            ("schema_version", Leaf),
            ("tool", Leaf),
            ("run", One("run")),
            ("status", Leaf),
            ("error", One("subject_error")),
            ("subjects", Many("subject")),
            ("certificates", Many("certificate")),
            ("parties", Many("party")),
            ("hosts", Many("host")),
            ("claims", Many("claim")),
            ("evidence", Leaf),
            ("channel", Leaf),
            ("findings", Many("finding")),
            ("dimensions", Many("dimension")),
        ],
    ),
    (
        "run",
        &[
            ("at", Leaf),
            ("offline", Leaf),
            ("profile", Leaf),
            ("policy", Leaf),
            ("trust_roots", Leaf),
            ("limits", Leaf),
        ],
    ),
    (
        "subject",
        &[
            ("id", Leaf),
            ("parent", Leaf),
            ("path", Leaf),
            ("size", Leaf),
            ("digests", Leaf),
            ("format", Leaf),
            ("description", Leaf),
            ("profile", Leaf),
            ("signing", Leaf),
            ("members", One("members")),
            ("signatures", Many("signature")),
            ("claimed", Many("claimed")),
            ("endpoints", Leaf),
            ("updater", Many("updater")),
            ("gaps", Many("gap")),
            ("error", One("subject_error")),
            ("origin", One("origin")),
        ],
    ),
    (
        "host",
        &[
            ("name", Leaf),
            ("unicode", Leaf),
            ("form", Leaf),
            ("kinds", Leaf),
            ("subjects", Leaf),
            ("endpoints", Many("endpoint")),
            ("domain", Leaf),
            ("addresses", Many("address")),
            ("dns", Leaf),
            ("tls", Leaf),
            ("registrations", Leaf),
            ("claims", Leaf),
        ],
    ),
    (
        "address",
        &[
            ("ip", Leaf),
            ("special", Leaf),
            ("anycast", Leaf),
            ("operator", Leaf),
            ("answers", Many("network_answer")),
        ],
    ),
    (
        "network_answer",
        &[
            ("kind", Leaf),
            ("source", Leaf),
            ("range", Leaf),
            ("country", Leaf),
            ("unusable", Leaf),
            ("asn", Leaf),
            ("organization", Leaf),
            ("anycast", Leaf),
            ("as_of", Leaf),
            ("licence", Leaf),
        ],
    ),
    (
        "endpoint",
        &[
            ("address", Leaf),
            ("form", Leaf),
            ("port", Leaf),
            ("kind", Leaf),
            ("noise", Leaf),
            ("userinfo", Leaf),
            ("template", Leaf),
            ("places", Many("place")),
            ("more_places", Leaf),
            ("evidence", Leaf),
        ],
    ),
    (
        "place",
        &[
            ("subject", Leaf),
            ("location", Leaf),
            ("encoding", Leaf),
            ("occurrences", Leaf),
        ],
    ),
    (
        "updater",
        &[
            ("kind", Leaf),
            ("source", Leaf),
            ("feeds", Many("feed")),
            ("anchors", Many("update_anchor")),
            ("switches", Many("switch")),
            ("excerpt", Leaf),
        ],
    ),
    (
        "feed",
        &[("url", Leaf), ("derived", Leaf), ("location", Leaf)],
    ),
    (
        "update_anchor",
        &[("what", Leaf), ("value", Leaf), ("location", Leaf)],
    ),
    (
        "switch",
        &[
            ("name", Leaf),
            ("value", Leaf),
            ("effect", Leaf),
            ("location", Leaf),
        ],
    ),
    (
        "subject_error",
        &[("kind", Leaf), ("reason", Leaf), ("message", Leaf)],
    ),
    (
        "claimed",
        &[("key", Leaf), ("value", Leaf), ("location", Leaf)],
    ),
    ("gap", &[("what", Leaf), ("why", Leaf)]),
    (
        "origin",
        &[
            ("locator", Leaf),
            ("registry", One("registry")),
            ("url", Leaf),
            ("hops", Leaf),
            ("documents", Leaf),
            ("yanked", Leaf),
            ("yanked_reason", Leaf),
            ("stated", Many("stated")),
            ("edges", Many("edge")),
        ],
    ),
    (
        "registry",
        &[("kind", Leaf), ("address", Leaf), ("configured_by", Leaf)],
    ),
    ("stated", &[("key", Leaf), ("value", Leaf)]),
    (
        "edge",
        &[
            ("link", Leaf),
            ("what", Leaf),
            ("algorithm", Leaf),
            ("stated", Leaf),
            ("computed", Leaf),
            ("status", Leaf),
            ("reason", Leaf),
        ],
    ),
    (
        "members",
        &[
            ("listed", Leaf),
            ("examined", Leaf),
            ("other", Leaf),
            ("unexamined", Leaf),
        ],
    ),
    (
        "signature",
        &[
            ("id", Leaf),
            ("scheme", Leaf),
            ("position", Leaf),
            ("position_index", Leaf),
            ("catalog", Leaf),
            ("location", Leaf),
            ("integrity", Leaf),
            ("integrity_reason", Leaf),
            ("integrity_reasons", Leaf),
            ("digest_algorithm", Leaf),
            ("signed_digest", Leaf),
            ("computed_digest", Leaf),
            ("signer", Leaf),
            ("chain", Leaf),
            ("trust", One("trust")),
            ("time", One("time")),
            ("revocation", One("revocation")),
            ("opus", Leaf),
            ("page_hashes", Leaf),
            ("anomalies", Leaf),
        ],
    ),
    (
        "trust",
        &[
            ("status", Leaf),
            ("programme", Leaf),
            ("root", Leaf),
            ("reason", Leaf),
            ("faults", Leaf),
        ],
    ),
    (
        "time",
        &[
            ("claimed", Leaf),
            ("basis", Leaf),
            ("attested", Many("timestamp")),
        ],
    ),
    (
        "timestamp",
        &[
            ("at", Leaf),
            ("kind", Leaf),
            ("status", Leaf),
            ("reason", Leaf),
            ("by", Leaf),
            ("certificate", Leaf),
            ("chain", Leaf),
            ("trust", One("trust")),
            ("location", Leaf),
        ],
    ),
    (
        "revocation",
        &[("status", Leaf), ("reason", Leaf), ("revoked_at", Leaf)],
    ),
    (
        "party",
        &[
            ("name", Leaf),
            ("names", Leaf),
            ("roles", Leaf),
            ("certificate", Leaf),
            ("validation", Leaf),
            ("validation_rule", Leaf),
            ("countries", Leaf),
            ("identifiers", Leaf),
            ("vendor", One("vendor")),
            ("claims", Leaf),
            ("matches", Many("match")),
        ],
    ),
    (
        "vendor",
        &[
            ("slug", Leaf),
            ("entity", Leaf),
            ("name", Leaf),
            ("tier", Leaf),
            ("rule", Leaf),
            ("compared", Leaf),
            ("verified", Leaf),
            ("evidence", Leaf),
        ],
    ),
    (
        "match",
        &[
            ("instrument", Leaf),
            ("title", Leaf),
            ("entry", Leaf),
            ("tier", Leaf),
            ("rule", Leaf),
            ("compared", Leaf),
            ("applies_via", Leaf),
            ("steps", Leaf),
            ("in_force", Leaf),
            ("in_force_reason", Leaf),
            ("effect", Leaf),
            ("subject_matter", Leaf),
            ("phase", Leaf),
            ("effective_from", Leaf),
            ("decisive", Leaf),
            ("evidence", Leaf),
        ],
    ),
    (
        "claim",
        &[
            ("party", Leaf),
            ("host", Leaf),
            ("aspect", Leaf),
            ("jurisdiction", Leaf),
            ("subdivision", Leaf),
            ("basis", Leaf),
            ("strength", Leaf),
            ("source", Leaf),
            ("as_of", Leaf),
            ("valid_from", Leaf),
            ("valid_to", Leaf),
            ("evidence", Leaf),
        ],
    ),
    (
        "finding",
        &[
            ("id", Leaf),
            ("instance", Leaf),
            ("status", Leaf),
            ("severity", Leaf),
            ("dimension", Leaf),
            ("title", Leaf),
            ("message", Leaf),
            ("subject", Leaf),
            ("signature", Leaf),
            ("parties", Leaf),
            ("claims", Leaf),
            ("evidence", Leaf),
            ("references", Leaf),
            ("rule", Leaf),
        ],
    ),
    ("dimension", &[("status", Leaf), ("reason", Leaf)]),
];

/// The fields of a type that is walked here.
pub(super) fn fields(name: &str) -> Option<&'static [(&'static str, Holds)]> {
    TYPES.iter().find(|(t, _)| *t == name).map(|(_, f)| *f)
}
