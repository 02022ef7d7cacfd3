//! apt: sources, keyrings and settings that a package puts in place (sources.list(5), apt.conf(5)).
//!
//! Of apt.conf the one-line form with `::` is read; the one with braces is not.

use super::draft::{Draft, lines, place, sha256, whole};
use super::{Dialect, Path};
use crate::format::Error;
use crate::model::updater::{Effect, UpdaterConfig, UpdaterKind};

pub(super) struct Apt;

const KEYRINGS: [&str; 3] = [
    "/usr/share/keyrings/",
    "/etc/apt/keyrings/",
    "/etc/apt/trusted.gpg.d/",
];

impl Dialect for Apt {
    fn wants(&self, path: &Path<'_>) -> bool {
        is_list(path) || is_deb822(path) || path.is_in("/etc/apt/apt.conf.d/") || is_keyring(path)
    }

    fn read(&self, path: &Path<'_>, bytes: &[u8]) -> Result<Option<UpdaterConfig>, Error> {
        let mut draft = Draft::new(UpdaterKind::Apt, path, bytes);
        if is_list(path) {
            list(&mut draft, bytes);
        } else if is_deb822(path) {
            deb822(&mut draft, bytes);
        } else if is_keyring(path) {
            draft.anchor("openpgp-keyring", sha256(bytes), whole(bytes));
        } else {
            settings(&mut draft, bytes);
        }
        Ok((!draft.is_empty()).then(|| draft.done()))
    }
}

fn is_list(path: &Path<'_>) -> bool {
    path.ends_with("/etc/apt/sources.list")
        || (path.is_in("/etc/apt/sources.list.d/") && path.ends_with(".list"))
}

fn is_deb822(path: &Path<'_>) -> bool {
    path.is_in("/etc/apt/sources.list.d/") && path.ends_with(".sources")
}

fn is_keyring(path: &Path<'_>) -> bool {
    KEYRINGS.iter().any(|folder| path.is_in(folder))
        && [".gpg", ".asc", ".pgp"].iter().any(|e| path.ends_with(e))
}

/// `deb [option=value …] uri suite component…`
fn list(draft: &mut Draft, bytes: &[u8]) {
    for (line, start) in lines(bytes) {
        let source = line.split('#').next().unwrap_or_default().trim();
        let Some(rest) = source
            .strip_prefix("deb-src ")
            .or_else(|| source.strip_prefix("deb "))
        else {
            continue;
        };
        let rest = rest.trim_start();
        let (options, rest) = match rest.strip_prefix('[').and_then(|r| r.split_once(']')) {
            Some((options, rest)) => (options, rest),
            None => ("", rest),
        };
        if let Some(uri) = rest.split_ascii_whitespace().next() {
            draft.feed(uri, place(line, start, uri));
        }
        for option in options.split_ascii_whitespace() {
            if let Some((key, value)) = option.split_once('=') {
                setting(draft, key, value, place(line, start, option));
            }
        }
    }
}

/// Paragraphs of `Key: value`; a value goes on in lines that start with white space.
fn deb822(draft: &mut Draft, bytes: &[u8]) {
    let mut key = String::new();
    for (line, start) in lines(bytes) {
        if line.starts_with('#') {
            continue;
        }
        let value = match line.split_once(':') {
            Some((name, value)) if !line.starts_with([' ', '\t']) => {
                key = name.trim().to_ascii_lowercase();
                value.trim()
            }
            _ if line.starts_with([' ', '\t']) => line.trim(),
            _ => {
                key.clear();
                continue;
            }
        };
        if value.is_empty() || value == "." {
            continue;
        }
        if key == "uris" {
            for uri in value.split_ascii_whitespace() {
                draft.feed(uri, place(line, start, uri));
            }
        } else {
            setting(draft, &key, value, place(line, start, value));
        }
    }
}

/// What a value of sources.list(5) says, of either case; none where it says neither.
pub fn yes_or_no(value: &str) -> Option<bool> {
    let is = |words: [&str; 6]| words.iter().any(|w| value.eq_ignore_ascii_case(w));
    if is(["yes", "true", "1", "on", "with", "enable"]) {
        Some(true)
    } else if is(["no", "false", "0", "off", "without", "disable"]) {
        Some(false)
    } else {
        None
    }
}

fn setting(draft: &mut Draft, key: &str, value: &str, span: std::ops::Range<u64>) {
    let (yes, no) = (
        yes_or_no(value) == Some(true),
        yes_or_no(value) == Some(false),
    );
    match key.to_ascii_lowercase().as_str() {
        "signed-by" => draft.anchor("openpgp-keyring-file", value, span),
        "trusted" if yes => draft.switch(key, value, Effect::AcceptsUnsigned, span),
        "allow-insecure" if yes => draft.switch(key, value, Effect::AcceptsUnsigned, span),
        "allow-weak" if yes => draft.switch(key, value, Effect::WeakDigest, span),
        "allow-downgrade-to-insecure" if yes => {
            draft.switch(key, value, Effect::AcceptsUnsigned, span)
        }
        "check-valid-until" | "check-date" if no => {
            draft.switch(key, value, Effect::IgnoresFreshness, span)
        }
        _ => {}
    }
}

/// `Group::Name "value";`
fn settings(draft: &mut Draft, bytes: &[u8]) {
    for (line, start) in lines(bytes) {
        let text = line.trim();
        if text.starts_with("//") || text.starts_with('#') {
            continue;
        }
        let Some((name, value)) = text.trim_end_matches(';').split_once([' ', '\t']) else {
            continue;
        };
        let value = value.trim().trim_matches('"');
        let on = ["true", "1", "yes", "on"]
            .iter()
            .any(|y| value.eq_ignore_ascii_case(y));
        let off = ["false", "0", "no", "off"]
            .iter()
            .any(|n| value.eq_ignore_ascii_case(n));
        let effect = match name.to_ascii_lowercase().as_str() {
            "apt::get::allowunauthenticated"
            | "acquire::allowinsecurerepositories"
            | "acquire::allowdowngradetoinsecurerepositories"
                if on =>
            {
                Effect::AcceptsUnsigned
            }
            "acquire::allowweakrepositories" if on => Effect::WeakDigest,
            "acquire::check-valid-until" | "acquire::check-date" if off => Effect::IgnoresFreshness,
            "acquire::https::verify-peer" | "acquire::https::verify-host" if off => {
                Effect::PlainTransport
            }
            _ => continue,
        };
        draft.switch(name, value, effect, place(line, start, text));
    }
}
