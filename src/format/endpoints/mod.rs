//! Addresses that a file names: URLs and host names in executables, scripts and configuration, with the offset as evidence.
//!
//! The scan reads the bytes as they stand, once, in windows: what is compressed or put together at run time is not seen. What a
//! container holds is scanned member by member. That an address stands in a file does not prove that the product ever contacts
//! it, and nothing here asks the network.
//!
//! Specifications: RFC 3986 (URLs), RFC 1123 section 2.1 and RFC 5890 (host names), RFC 3492 (Punycode), RFC 2606 and RFC 6761
//! (reserved names).

mod bare;
mod classify;
mod collect;
mod host;
mod marks;
mod plist;
mod punycode;
mod scan;
#[cfg(test)]
mod tests;
mod url;
mod wanted;

use crate::model::endpoint::Host;
use crate::model::extract::Span;

pub use host::unicode;
pub use scan::scan;
pub use wanted::wanted;

/// The host of something that a person typed: a name, an address, or a URL, with the port where one is stated.
pub fn named(typed: &str) -> Option<(Host, Option<u16>)> {
    let typed = typed.trim();
    let rest = typed.split_once("://").map_or(typed, |(_, rest)| rest);
    if let Ok(ip) = rest.parse() {
        return Some((Host::Ip(ip), None));
    }
    let authority = rest.split(['/', '?', '#']).next()?;
    let place = authority.rsplit_once('@').map_or(authority, |(_, p)| p);
    let (name, port) = match place.rsplit_once(':') {
        Some((name, digits)) if !name.contains(':') || name.ends_with(']') => {
            (name, Some(digits.parse().ok()?))
        }
        _ => (place, None),
    };
    let name = name.trim_end_matches('.');
    let parsed = host::after_scheme(name)?;
    // What is cut off a name belongs to no host.
    (parsed.len == name.len()).then_some((parsed.host, port))
}

/// What one scan may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Largest file scanned, in bytes.
    pub max_size: u64,
}

impl Default for Limits {
    /// Executables beyond 64 MiB are mostly data packed into them, and a scan of it costs what it does not give.
    fn default() -> Self {
        Self { max_size: 64 << 20 }
    }
}

/// What is known of a file before it is scanned.
#[derive(Debug, Clone, Copy, Default)]
pub struct Known<'a> {
    /// Where its signatures stand: addresses of certificate services.
    pub signatures: &'a [Span],
}
