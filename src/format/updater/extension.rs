//! Browser extensions: `update_url` of a `manifest.json`.

use super::draft::Draft;
use super::{Dialect, Path};
use crate::format::Error;
use crate::format::config::json;
use crate::model::updater::{UpdaterConfig, UpdaterKind};

pub(super) struct Extension;

impl Dialect for Extension {
    fn wants(&self, path: &Path<'_>) -> bool {
        path.name() == "manifest.json"
    }

    fn read(&self, path: &Path<'_>, bytes: &[u8]) -> Result<Option<UpdaterConfig>, Error> {
        // Many things are called that, some with comments; only an extension's is held to the rules.
        if memchr::memmem::find(bytes, b"\"manifest_version\"").is_none()
            || memchr::memmem::find(bytes, b"\"update_url\"").is_none()
        {
            return Ok(None);
        }
        let root = json::read(bytes)?;
        let Some(update) = root
            .get("update_url")
            .filter(|_| root.get("manifest_version").is_some())
        else {
            return Ok(None);
        };
        let mut draft = Draft::new(UpdaterKind::BrowserExtension, path, bytes);
        draft.feeds(Some(update));
        draft.anchors("extension-public-key", root.get("key"));
        Ok(Some(draft.done()))
    }
}
