//! Addresses that a file names: hosts it may talk to, and where in its bytes it names them.

use std::fmt;
use std::net::IpAddr;

use super::extract::{Gap, Span};
use super::updater::Mark;

/// One address, with everywhere it stands in one file folded together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// As the file writes it, without what only stands beside it; hostile text.
    pub text: String,
    /// What makes two of them the same: scheme and host in lower case, without the scheme's own port.
    pub key: String,
    /// How it is written.
    pub form: Form,
    /// The host.
    pub host: Host,
    /// The port, where one is stated.
    pub port: Option<u16>,
    /// A name, and perhaps a password, stands before the host: what looks like the host to a hurried reader is not it.
    pub userinfo: bool,
    /// Parts are filled in at run time: `%s`, `{0}`, `${name}`.
    pub template: bool,
    /// Where it stands first.
    pub span: Span,
    /// How its characters are stored there.
    pub encoding: Encoding,
    /// What it seems to be for, by its words alone.
    pub kind: EndpointKind,
    /// Why it is most likely never contacted as a service of the product.
    pub noise: Option<Noise>,
    /// How often it stands in the file.
    pub occurrences: u32,
}

/// How an address is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// With a scheme.
    Url,
    /// A host name alone.
    Host,
}

/// Whom an address names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Host {
    /// A name in lower-case ASCII (RFC 5890 A-labels).
    Name(String),
    /// An address literal.
    Ip(IpAddr),
    /// Filled in at run time.
    Template(String),
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) | Self::Template(name) => f.write_str(name),
            Self::Ip(ip) => write!(f, "{ip}"),
        }
    }
}

/// How characters are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Encoding {
    /// One byte a character, or UTF-8.
    Utf8,
    /// Two bytes a character, low byte first, at any offset.
    Utf16Le,
}

/// What an address seems to be for. Ordered by how much it matters to whoever asks where a product takes its code from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EndpointKind {
    /// Names updates, versions or feeds.
    Update,
    /// Names downloads or files that are installed.
    Download,
    /// Names an interface for programs, sign-in or licences.
    Api,
    /// Names measurement or crash reports.
    Telemetry,
    /// Nothing tells.
    Unknown,
    /// A page for people.
    Web,
}

/// Why an address is most likely never contacted as a service of the product. It is kept and told apart, not dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Noise {
    /// Names an XML namespace, a schema or a document type.
    Schema,
    /// Revocation lists, OCSP, issuer certificates, practice statements.
    CertificateService,
    /// Manuals, source code, bug trackers, standards.
    Documentation,
    /// Reserved for examples (RFC 2606, RFC 6761, RFC 5737).
    Example,
    /// Text of a licence.
    Licence,
    /// The machine itself or a private network.
    Local,
}

/// What was found in one file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Endpoints {
    /// Those that matter most first, noise last; equal ones in file order.
    pub found: Vec<Endpoint>,
    /// What of an updater's own words was come upon, in file order.
    pub marks: Vec<Mark>,
    /// What could not be looked at, or found no room.
    pub gaps: Vec<Gap>,
}
