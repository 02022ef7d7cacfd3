//! What kind of package a tar archive is.

use crate::format::tar::walk::Member;

pub(super) fn describe(members: &[Member]) -> String {
    let has = |wanted: fn(&str, &str) -> bool| {
        members.iter().any(|m| {
            m.path
                .strip_prefix("./")
                .unwrap_or(&m.path)
                .split_once('/')
                .is_some_and(|(top, rest)| wanted(top, rest))
        })
    };
    let kind = if has(|top, rest| top == "package" && rest == "package.json") {
        "npm package"
    } else if has(|_, rest| rest == "Cargo.toml.orig") {
        "Rust crate"
    } else if has(|_, rest| rest == "PKG-INFO") {
        "Python source distribution"
    } else {
        "tar archive"
    };
    let noun = if members.len() == 1 {
        "entry"
    } else {
        "entries"
    };
    format!("{kind}, {} {noun}", members.len())
}
