//! apt: `InRelease` or `Release` with `Release.gpg`, the indexes that it names by digest, the packages that these name by digest.
//!
//! Specifications: Debian wiki "DebianRepository/Format", sources.list(5), apt-secure(8), deb822(5), RFC 9580. The client's rules are
//! those of apt 2.6. A package may do anything when it is installed; what is verified here is only that it is the one that was signed for.

mod client;
mod collect;
mod configured;
mod date;
mod deb822;
mod packages;
mod read;
mod reading;
mod release;
mod source;

use std::cmp::Ordering;

use crate::base::debian_version::Version;
use crate::base::time::Time;
use crate::channel::{Card, Case, Dialect, Error, Hint, Request};
use crate::model::channel::{Channel, ClientVerdict};
use crate::model::collection::{Collection, Want};

/// The dialect.
#[derive(Debug)]
pub struct Apt;

impl Dialect for Apt {
    fn card(&self) -> Card {
        Card {
            kind: "apt",
            name: "apt repository",
            target: "\"[deb] [option=value ...] URL SUITE [COMPONENT...]\", the address of a suite, or a copy on disk",
            specifications: &[
                "Debian wiki, DebianRepository/Format",
                "sources.list(5), apt-secure(8), deb822(5)",
                "RFC 9580 (OpenPGP)",
            ],
            limits: &[
                ("release file", collect::MAX_RELEASE),
                ("decoded index", packages::MAX_DECODED),
            ],
        }
    }

    fn sniff(&self, hint: &Hint<'_>) -> bool {
        let of_suite = |f: &str| {
            matches!(f, "InRelease" | "Release")
                || (f.starts_with("dists/")
                    && (f.ends_with("/InRelease") || f.ends_with("/Release")))
        };
        if !hint.files.is_empty() {
            return hint.files.iter().any(|f| of_suite(f));
        }
        let target = hint.target.trim();
        let words = target.split_ascii_whitespace().count();
        words > 1
            || target.contains("/dists/")
            || target.ends_with("/InRelease")
            || target.ends_with("/Release")
    }

    fn wants(&self, request: &Request, have: &Collection) -> Vec<Want> {
        collect::wants(request, have)
    }

    fn read(&self, request: &Request, have: &Collection, at: Time) -> Result<Channel, Error> {
        read::read(request, have, at)
    }

    fn client_rules(&self, case: &Case<'_>) -> ClientVerdict {
        client::verdict(case)
    }

    fn configured(&self, name: &str, bytes: &[u8]) -> Result<Vec<Request>, Error> {
        configured::sources(name, bytes)
    }

    fn client_anchors(&self, request: &Request) -> Vec<String> {
        configured::anchors(request)
    }

    fn order(&self, left: &str, right: &str) -> Option<Ordering> {
        Some(Version::parse(left)?.cmp(&Version::parse(right)?))
    }
}

/// Reads a release file, an index and a configuration as far as a fuzzer can take them; the answer says only that it ended.
pub fn probe(bytes: &[u8]) {
    for name in ["x.list", "x.sources"] {
        let _ = configured::sources(name, bytes);
    }
    let _ = release::Release::read(bytes, 0);
    let body = bytes.to_vec();
    let _ = packages::scan("Packages", &body, packages::MAX_DECODED, &[], &[]);
    let _ = packages::scan("Packages.xz", &body, 1 << 20, &["a".to_owned()], &[]);
}
