//! The findings about hosts. Each has its long text in `docs/findings/<id>.md`.

use crate::model::finding::{Definition, Dimension, Severity};

macro_rules! definitions {
    ($($name:ident = $id:literal, $severity:ident, $title:literal, [$($reference:literal),*];)*) => {
        $(
            #[doc = $title]
            pub static $name: Definition = Definition {
                id: $id,
                dimension: Dimension::Infrastructure,
                severity: Severity::$severity,
                title: $title,
                references: &[$($reference),*],
            };
        )*

        /// All of them; a test holds this list against the documents and the code.
        pub static ALL: &[&Definition] = &[$(&$name),*];
    };
}

definitions! {
    NETWORK_SOURCES_DISAGREE = "network-sources-disagree", Medium, "Sources name different countries for one network address", [];
    NETWORK_SOURCES_AGREE = "network-sources-agree", Info, "Sources of a network address do not contradict each other", [];
    NETWORK_UNKNOWN = "network-unknown", Info, "No source knows the network address", [];
    NETWORK_DATA_STALE = "network-data-stale", Info, "What a source says of a network address is old", [];
    NETWORK_ANYCAST = "network-anycast", Info, "The network address is announced from many places", [];
    HOST_NOT_RESOLVED = "host-not-resolved", Info, "The addresses of a host were not established", ["RFC 1035"];
    HOST_ADDRESS_SPECIAL = "host-address-special", Medium, "A host is at an address that is not public", ["RFC 6890"];
    HOST_LOOKUP_INCOMPLETE = "host-lookup-incomplete", Info, "A question about a host was not answered", [];
    TLS_AUTHORITY_UNKNOWN = "tls-authority-unknown", Medium, "The server's certificate comes from an authority that no public root list names", ["RFC 5280 section 6"];
    TLS_NAME_MISMATCH = "tls-name-mismatch", Medium, "The server's certificate is not for this host", ["RFC 9525"];
    TLS_CERTIFICATE_NOT_CURRENT = "tls-certificate-not-current", Medium, "The server's certificate is outside its validity period", ["RFC 5280 section 4.1.2.5"];
}
