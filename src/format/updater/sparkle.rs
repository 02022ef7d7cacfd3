//! Sparkle: keys of a bundle's `Info.plist`.

use super::draft::Draft;
use super::{Dialect, Path};
use crate::format::Error;
use crate::format::config::plist;
use crate::model::updater::{Effect, UpdaterConfig, UpdaterKind};

pub(super) struct Sparkle;

impl Dialect for Sparkle {
    fn wants(&self, path: &Path<'_>) -> bool {
        path.name() == "info.plist"
    }

    fn read(&self, path: &Path<'_>, bytes: &[u8]) -> Result<Option<UpdaterConfig>, Error> {
        // Every bundle has such a file; few of them are Sparkle's.
        if memchr::memmem::find(bytes, b"SU").is_none() {
            return Ok(None);
        }
        let root = plist::read(bytes)?;
        let mut draft = Draft::new(UpdaterKind::Sparkle, path, bytes);
        draft.feeds(root.get("SUFeedURL"));
        draft.anchors("ed25519-public-key", root.get("SUPublicEDKey"));
        draft.anchors("dsa-public-key", root.get("SUPublicDSAKey"));
        draft.anchors("dsa-public-key-file", root.get("SUPublicDSAKeyFile"));
        if draft.is_empty() {
            return Ok(None);
        }
        draft.if_true(&root, "SURequireSignedFeed", Effect::Stricter);
        draft.if_true(&root, "SUVerifyUpdateBeforeExtraction", Effect::Stricter);
        if let Some(after) = root.get("SUSignedFeedFailureExpirationInterval")
            && after.integer() != Some(0)
        {
            let value = after.words().unwrap_or_default();
            draft.switch(
                "SUSignedFeedFailureExpirationInterval",
                value,
                Effect::GivesUpChecking,
                after.span.clone(),
            );
        }
        if let Some(transport) = root.get("NSAppTransportSecurity") {
            draft.if_true(transport, "NSAllowsArbitraryLoads", Effect::PlainTransport);
        }
        Ok(Some(draft.done()))
    }
}
