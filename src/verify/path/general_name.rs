//! The forms of GeneralName (RFC 5280 section 4.2.1.6) as names that a certificate is for and as subtrees that a constraint covers.

use super::extension as ext;
use super::names::{self, Rdn};
use crate::base::der::{Reader, Tlv, tag};
use crate::model::certificate::Certificate;
use crate::verify::certificate;

/// GeneralName's tag numbers (RFC 5280 section 4.2.1.6).
const EMAIL: u8 = 1;
const DNS: u8 = 2;
const DIRECTORY: u8 = 4;
const URI: u8 = 6;
const IP: u8 = 7;

/// One name that a certificate is for.
#[derive(Debug, Clone)]
pub(super) enum Subject {
    Email {
        local: Vec<u8>,
        host: String,
    },
    Dns(String),
    Directory(Vec<Rdn>),
    Uri(String),
    Ip(Vec<u8>),
    /// Of this form, and either not what the form allows or not compared.
    Opaque(u8),
}

impl Subject {
    pub(super) fn form(&self) -> u8 {
        match self {
            Self::Email { .. } => EMAIL,
            Self::Dns(_) => DNS,
            Self::Directory(_) => DIRECTORY,
            Self::Uri(_) => URI,
            Self::Ip(_) => IP,
            Self::Opaque(form) => *form,
        }
    }

    pub(super) fn shown(&self) -> String {
        match self {
            Self::Email { local, host } => {
                format!("is for {}@{host}", String::from_utf8_lossy(local))
            }
            Self::Dns(name) | Self::Uri(name) => format!("is for {name}"),
            Self::Directory(_) => "has a directory name".to_owned(),
            Self::Ip(_) => "has an address".to_owned(),
            Self::Opaque(form) => format!("has a name of form [{form}]"),
        }
    }
}

/// What one subtree covers.
#[derive(Debug, Clone)]
pub(super) enum Base {
    /// One mailbox.
    Mailbox {
        local: Vec<u8>,
        host: String,
    },
    /// Every mailbox on this host.
    MailHost(String),
    /// Every mailbox on hosts of this domain.
    MailDomain(String),
    /// This name and those below it.
    Dns(String),
    /// Only names below it (a leading period, which many issuers write).
    DnsBelow(String),
    Directory(Vec<Rdn>),
    UriHost(String),
    UriDomain(String),
    Ip {
        address: Vec<u8>,
        mask: Vec<u8>,
    },
    /// Of this form, not compared.
    Opaque(u8),
}

impl Base {
    pub(super) fn form(&self) -> u8 {
        match self {
            Self::Mailbox { .. } | Self::MailHost(_) | Self::MailDomain(_) => EMAIL,
            Self::Dns(_) | Self::DnsBelow(_) => DNS,
            Self::Directory(_) => DIRECTORY,
            Self::UriHost(_) | Self::UriDomain(_) => URI,
            Self::Ip { .. } => IP,
            Self::Opaque(form) => *form,
        }
    }

    pub(super) fn covers(&self, subject: &Subject) -> bool {
        match (self, subject) {
            (Self::Mailbox { local, host }, Subject::Email { local: l, host: h }) => {
                local == l && host == h
            }
            (Self::MailHost(host), Subject::Email { host: h, .. }) => host == h,
            (Self::MailDomain(domain), Subject::Email { host, .. }) => is_below(host, domain),
            (Self::Dns(base), Subject::Dns(name)) => name == base || is_below(name, base),
            (Self::DnsBelow(base), Subject::Dns(name)) => is_below(name, base),
            (Self::Directory(base), Subject::Directory(name)) => names::within(name, base),
            (Self::UriHost(base), Subject::Uri(host)) => base == host,
            (Self::UriDomain(base), Subject::Uri(host)) => is_below(host, base),
            (Self::Ip { address, mask }, Subject::Ip(ip)) => {
                ip.len() == address.len()
                    && ip
                        .iter()
                        .zip(address)
                        .zip(mask)
                        .all(|((i, a), m)| i & m == a & m)
            }
            _ => false,
        }
    }

    /// Might cover a name that `subject` stands for: `*.example.com` stands for `bar.example.com` (CVE-2025-61727).
    pub(super) fn touches(&self, subject: &Subject) -> bool {
        if self.covers(subject) {
            return true;
        }
        match (self, subject) {
            (Self::Dns(base), Subject::Dns(name)) => name
                .strip_prefix("*.")
                .is_some_and(|parent| base.split_once('.').is_some_and(|(_, rest)| rest == parent)),
            _ => false,
        }
    }
}

/// `name` has labels in front of `base`; everything is below the empty name.
fn is_below(name: &str, base: &str) -> bool {
    base.is_empty()
        || name
            .strip_suffix(base)
            .is_some_and(|front| front.len() > 1 && front.ends_with('.'))
}

pub(super) fn base_of(base: &Tlv<'_>, strict: bool) -> Result<Base, &'static str> {
    match base.tag & 0x1f {
        EMAIL => mail_base(base.value).ok_or("hold a malformed mail address"),
        DNS => dns_base(base.value, strict).ok_or("hold a malformed host name"),
        DIRECTORY => directory(base)
            .map(Base::Directory)
            .ok_or("hold a malformed directory name"),
        URI => uri_base(base.value).ok_or("hold a malformed address"),
        IP => ip_base(base.value).ok_or("hold a malformed network"),
        form => Ok(Base::Opaque(form)),
    }
}

fn mail_base(value: &[u8]) -> Option<Base> {
    let text = ascii(value)?;
    if let Some((local, host)) = text.rsplit_once('@') {
        return (!local.is_empty() && !local.contains('@') && is_host(host)).then(|| {
            Base::Mailbox {
                local: local.as_bytes().to_vec(),
                host: host.to_ascii_lowercase(),
            }
        });
    }
    match text.strip_prefix('.') {
        Some(domain) => is_host(domain).then(|| Base::MailDomain(domain.to_ascii_lowercase())),
        None if text.is_empty() => Some(Base::MailDomain(String::new())),
        None => is_host(text).then(|| Base::MailHost(text.to_ascii_lowercase())),
    }
}

fn dns_base(value: &[u8], strict: bool) -> Option<Base> {
    let text = ascii(value)?;
    if text.is_empty() {
        return Some(Base::Dns(String::new()));
    }
    match text.strip_prefix('.') {
        Some(_) if strict => None,
        Some(domain) => is_host(domain).then(|| Base::DnsBelow(domain.to_ascii_lowercase())),
        None => is_host(text).then(|| Base::Dns(text.to_ascii_lowercase())),
    }
}

fn uri_base(value: &[u8]) -> Option<Base> {
    let text = ascii(value)?;
    match text.strip_prefix('.') {
        Some(domain) => is_host(domain).then(|| Base::UriDomain(domain.to_ascii_lowercase())),
        None => is_host(text).then(|| Base::UriHost(text.to_ascii_lowercase())),
    }
}

/// An address and a mask of leading ones (RFC 4632).
fn ip_base(value: &[u8]) -> Option<Base> {
    if value.len() != 8 && value.len() != 32 {
        return None;
    }
    let (address, mask) = value.split_at_checked(value.len() / 2)?;
    let ones: u32 = mask.iter().map(|b| b.count_ones()).sum();
    let leading: u32 = mask
        .iter()
        .map(|b| b.leading_ones())
        .scan(true, |open, n| {
            let counted = if *open { n } else { 0 };
            *open &= n == 8;
            Some(counted)
        })
        .sum();
    (ones == leading).then(|| Base::Ip {
        address: address.to_vec(),
        mask: mask.to_vec(),
    })
}

fn directory(name: &Tlv<'_>) -> Option<Vec<Rdn>> {
    let mut inner = name.reader();
    let sequence = inner.expect(tag::SEQUENCE, "").ok()?;
    inner.finish().ok()?;
    certificate::read_name(&sequence)
        .ok()
        .map(|name| names::normal_form(&name))
}

/// Every name that constraints apply to: the subject, its mail addresses where subjectAltName has none, and subjectAltName.
pub(super) fn subjects(certificate: &Certificate) -> Vec<Subject> {
    let mut found = Vec::new();
    if !certificate.subject.attributes.is_empty() {
        found.push(Subject::Directory(names::normal_form(&certificate.subject)));
    }
    match &certificate.extensions.subject_alt_name {
        Some(value) => match alternative_names(value) {
            Some(names) => found.extend(names),
            // Names that cannot be read could be any.
            None => found.extend((0..9).map(Subject::Opaque)),
        },
        None => found.extend(
            certificate
                .subject
                .attributes
                .iter()
                .filter(|a| a.oid.as_der() == ext::EMAIL_ADDRESS)
                .map(|a| email(a.value.as_bytes())),
        ),
    }
    found
}

fn alternative_names(value: &[u8]) -> Option<Vec<Subject>> {
    let mut input = Reader::der(value);
    let list = input.expect(tag::SEQUENCE, "").ok()?;
    input.finish().ok()?;
    let mut members = list.reader();
    let mut found = Vec::new();
    while !members.is_empty() {
        let name = members.any().ok()?;
        found.push(match name.tag & 0x1f {
            EMAIL => email(name.value),
            DNS => dns(name.value),
            DIRECTORY => directory(&name).map_or(Subject::Opaque(DIRECTORY), Subject::Directory),
            URI => uri(name.value),
            IP if name.value.len() == 4 || name.value.len() == 16 => {
                Subject::Ip(name.value.to_vec())
            }
            form => Subject::Opaque(form),
        });
    }
    Some(found)
}

fn email(value: &[u8]) -> Subject {
    let parts = ascii(value).and_then(|text| text.rsplit_once('@'));
    match parts {
        Some((local, host)) if !local.is_empty() && !local.contains('@') && is_host(host) => {
            Subject::Email {
                local: local.as_bytes().to_vec(),
                host: host.to_ascii_lowercase(),
            }
        }
        _ => Subject::Opaque(EMAIL),
    }
}

fn dns(value: &[u8]) -> Subject {
    let name = ascii(value).filter(|text| is_host(text.strip_prefix("*.").unwrap_or(text)));
    name.map_or(Subject::Opaque(DNS), |text| {
        Subject::Dns(text.to_ascii_lowercase())
    })
}

/// The host of a URI with an authority (RFC 3986 section 3.2.2); an address in its place is never within a constraint.
fn uri(value: &[u8]) -> Subject {
    let host = ascii(value)
        .and_then(|text| text.split_once("://"))
        .and_then(|(_, rest)| rest.split(['/', '?', '#']).next())
        .map(|authority| {
            authority
                .rsplit_once('@')
                .map_or(authority, |(_, host)| host)
        })
        .map(|host| host.split_once(':').map_or(host, |(host, _)| host))
        .filter(|host| is_host(host) && !is_address(host));
    host.map_or(Subject::Opaque(URI), |host| {
        Subject::Uri(host.to_ascii_lowercase())
    })
}

fn is_address(host: &str) -> bool {
    host.split('.')
        .next_back()
        .is_some_and(|label| label.bytes().all(|b| b.is_ascii_digit()))
}

fn ascii(value: &[u8]) -> Option<&str> {
    std::str::from_utf8(value).ok().filter(|t| t.is_ascii())
}

/// Labels of letters, digits, hyphens and underscores with single periods between them.
fn is_host(text: &str) -> bool {
    !text.is_empty()
        && text.split('.').all(|label| {
            !label.is_empty()
                && label
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        })
}
