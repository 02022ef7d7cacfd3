//! Tauri's updater plugin: `tauri.conf.json`, in the place of version 1 or 2.

use super::draft::Draft;
use super::{Dialect, Path};
use crate::format::Error;
use crate::format::config::json;
use crate::model::updater::{Effect, UpdaterConfig, UpdaterKind};

pub(super) struct Tauri;

impl Dialect for Tauri {
    fn wants(&self, path: &Path<'_>) -> bool {
        let name = path.name();
        name.starts_with("tauri.") && name.ends_with("conf.json")
    }

    fn read(&self, path: &Path<'_>, bytes: &[u8]) -> Result<Option<UpdaterConfig>, Error> {
        let root = json::read(bytes)?;
        let Some(updater) = root
            .at(&["plugins", "updater"])
            .or_else(|| root.at(&["tauri", "updater"]))
        else {
            return Ok(None);
        };
        let mut draft = Draft::new(UpdaterKind::Tauri, path, bytes);
        draft.feeds(updater.get("endpoints"));
        draft.anchors("minisign-public-key", updater.get("pubkey"));
        if draft.is_empty() {
            return Ok(None);
        }
        draft.if_true(
            updater,
            "dangerousInsecureTransportProtocol",
            Effect::PlainTransport,
        );
        Ok(Some(draft.done()))
    }
}
