//! Velopack: `releases.<channel>.json` of a feed, and the `sq.version` that it leaves in an installation.

use super::draft::{Draft, whole};
use super::{Dialect, Path};
use crate::format::Error;
use crate::format::config::{json, xml};
use crate::model::updater::{Effect, UpdaterConfig, UpdaterKind};

pub(super) struct Velopack;

impl Dialect for Velopack {
    fn wants(&self, path: &Path<'_>) -> bool {
        let name = path.name();
        name == "sq.version" || (name.starts_with("releases.") && name.ends_with(".json"))
    }

    fn read(&self, path: &Path<'_>, bytes: &[u8]) -> Result<Option<UpdaterConfig>, Error> {
        let mut draft = Draft::new(UpdaterKind::Velopack, path, bytes);
        if path.name() == "sq.version" {
            let root = xml::read(bytes)?;
            let is_package = root.name == "package" && root.child("metadata").is_some();
            return Ok(is_package.then(|| draft.done()));
        }
        let root = json::read(bytes)?;
        let Some(assets) = root.get("Assets") else {
            return Ok(None);
        };
        let text = |node: &crate::format::config::Node, key: &str| {
            node.get(key)
                .and_then(|n| n.text())
                .unwrap_or_default()
                .to_owned()
        };
        for asset in assets.items() {
            let name = text(asset, "FileName");
            if name.contains("://") {
                draft.feed(name, asset.span.clone());
            }
        }
        if let Some(weak) = assets.items().iter().find(|a| text(a, "SHA256").is_empty()) {
            draft.switch("SHA256", "missing", Effect::WeakDigest, weak.span.clone());
        }
        draft.switch(
            "signature",
            "the feed has none",
            Effect::AcceptsUnsigned,
            whole(bytes),
        );
        Ok(Some(draft.done()))
    }
}
