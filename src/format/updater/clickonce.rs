//! ClickOnce: the `deploymentProvider` of a deployment manifest.

use super::draft::Draft;
use super::{Dialect, Path};
use crate::format::Error;
use crate::format::config::xml;
use crate::model::updater::{Effect, UpdaterConfig, UpdaterKind};

pub(super) struct ClickOnce;

impl Dialect for ClickOnce {
    fn wants(&self, path: &Path<'_>) -> bool {
        path.ends_with(".application")
    }

    fn read(&self, path: &Path<'_>, bytes: &[u8]) -> Result<Option<UpdaterConfig>, Error> {
        let root = xml::read(bytes)?;
        let Some(deployment) = root.child("deployment") else {
            return Ok(None);
        };
        let mut draft = Draft::new(UpdaterKind::ClickOnce, path, bytes);
        if let Some(provider) = deployment.child("deploymentProvider") {
            draft.feed(
                provider.attribute("codebase").unwrap_or_default(),
                provider.span.clone(),
            );
        }
        if let Some(publisher) = root.child("publisherIdentity") {
            draft.anchor(
                "publisher-name",
                publisher.attribute("name").unwrap_or_default(),
                publisher.span.clone(),
            );
        }
        if let Some(identity) = root.child("assemblyIdentity") {
            let token = identity.attribute("publicKeyToken").unwrap_or_default();
            if !token.is_empty() && token.bytes().all(|b| b == b'0') {
                draft.switch(
                    "publicKeyToken",
                    token,
                    Effect::AcceptsUnsigned,
                    identity.span.clone(),
                );
            } else {
                draft.anchor("public-key-token", token, identity.span.clone());
            }
        }
        Ok(Some(draft.done()))
    }
}
