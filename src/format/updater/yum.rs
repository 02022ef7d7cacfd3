//! yum, dnf and zypp: repositories and keys that a package puts in place (dnf.conf(5)).

use super::draft::{Draft, lines, place, sha256, whole};
use super::{Dialect, Path};
use crate::format::Error;
use crate::model::updater::{Effect, UpdaterConfig, UpdaterKind};

pub(super) struct Yum;

impl Dialect for Yum {
    fn wants(&self, path: &Path<'_>) -> bool {
        is_repository(path) || path.is_in("/etc/pki/rpm-gpg/")
    }

    fn read(&self, path: &Path<'_>, bytes: &[u8]) -> Result<Option<UpdaterConfig>, Error> {
        let mut draft = Draft::new(UpdaterKind::Yum, path, bytes);
        if is_repository(path) {
            repository(&mut draft, bytes);
        } else {
            draft.anchor("openpgp-key", sha256(bytes), whole(bytes));
        }
        Ok((!draft.is_empty()).then(|| draft.done()))
    }
}

fn is_repository(path: &Path<'_>) -> bool {
    (path.is_in("/etc/yum.repos.d/") || path.is_in("/etc/zypp/repos.d/")) && path.ends_with(".repo")
}

fn repository(draft: &mut Draft, bytes: &[u8]) {
    for (line, start) in lines(bytes) {
        if line.trim_start().starts_with(['#', ';', '[']) {
            continue;
        }
        let Some((key, value)) = line.split_once('=') else {
            continue;
        };
        let (key, value) = (key.trim(), value.trim());
        let span = || place(line, start, value);
        let off = ["0", "no", "false", "off"]
            .iter()
            .any(|n| value.eq_ignore_ascii_case(n));
        match key.to_ascii_lowercase().as_str() {
            "baseurl" | "metalink" | "mirrorlist" => {
                for url in value.split([' ', ',', '\t']).filter(|u| !u.is_empty()) {
                    draft.feed(url, place(line, start, url));
                }
            }
            "gpgkey" => {
                for key in value.split([' ', ',', '\t']).filter(|k| !k.is_empty()) {
                    draft.anchor("openpgp-key-file", key, place(line, start, key));
                }
            }
            "gpgcheck" | "pkg_gpgcheck" if off => {
                draft.switch(key, value, Effect::AcceptsUnsigned, span())
            }
            "repo_gpgcheck" if off => draft.switch(key, value, Effect::UnsignedIndex, span()),
            "sslverify" if off => draft.switch(key, value, Effect::PlainTransport, span()),
            "repo_gpgcheck" if !value.is_empty() => {
                draft.switch(key, value, Effect::Stricter, span())
            }
            _ => {}
        }
    }
}
