//! electron-updater: `app-update.yml` in an application's resources, written by electron-builder.

use super::draft::{Draft, whole};
use super::{Dialect, Path};
use crate::format::Error;
use crate::format::config::{Node, yaml};
use crate::model::updater::{Effect, UpdaterConfig, UpdaterKind};

pub(super) struct Electron;

impl Dialect for Electron {
    fn wants(&self, path: &Path<'_>) -> bool {
        matches!(path.name(), "app-update.yml" | "dev-app-update.yml")
    }

    fn read(&self, path: &Path<'_>, bytes: &[u8]) -> Result<Option<UpdaterConfig>, Error> {
        let root = yaml::read(bytes)?;
        let Some(provider) = root.get("provider").and_then(Node::text) else {
            return Ok(None);
        };
        let mut draft = Draft::new(UpdaterKind::Electron, path, bytes);
        draft.feeds(root.get("url"));
        if !draft.has_feeds()
            && let Some(url) = derived(provider, &root)
        {
            draft.derived(url, root.span.clone());
        }
        let publisher = root.get("publisherName");
        draft.anchors("publisher-name", publisher);
        // Windows alone compares it; a bundle of macOS has its code requirement.
        let on_mac = path.is_in(".app/contents/");
        let named = publisher.is_some_and(|p| !p.items().is_empty());
        if !named && !on_mac {
            let end = whole(bytes).end;
            draft.switch(
                "publisherName",
                "missing",
                Effect::AcceptsUnsigned,
                end..end,
            );
        }
        if let Some(check) = root
            .get("verifyUpdateCodeSignature")
            .filter(|n| n.is_false())
        {
            draft.switch(
                "verifyUpdateCodeSignature",
                "false",
                Effect::AcceptsUnsigned,
                check.span.clone(),
            );
        }
        draft.if_true(&root, "allowDowngrade", Effect::AllowsDowngrade);
        Ok(Some(draft.done()))
    }
}

/// The address that electron-updater puts together for providers that have no `url`.
fn derived(provider: &str, root: &Node) -> Option<String> {
    let of = |key: &str| root.get(key).and_then(Node::text);
    match provider {
        "github" => {
            let host = of("host").unwrap_or("github.com");
            let scheme = of("protocol").unwrap_or("https");
            Some(format!(
                "{scheme}://{host}/{}/{}/releases.atom",
                of("owner")?,
                of("repo")?
            ))
        }
        "s3" => {
            let path = of("path")
                .map(|p| format!("/{}", p.trim_matches('/')))
                .unwrap_or_default();
            match (of("endpoint"), of("region")) {
                (Some(endpoint), _) => Some(format!("{endpoint}/{}{path}", of("bucket")?)),
                (None, Some(region)) => Some(format!(
                    "https://{}.s3.{region}.amazonaws.com{path}",
                    of("bucket")?
                )),
                (None, None) => Some(format!("https://{}.s3.amazonaws.com{path}", of("bucket")?)),
            }
        }
        _ => None,
    }
}
