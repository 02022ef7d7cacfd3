//! Windows App Installer: `.appinstaller`.

use super::draft::Draft;
use super::{Dialect, Path};
use crate::format::Error;
use crate::format::config::xml;
use crate::model::updater::{Effect, UpdaterConfig, UpdaterKind};

pub(super) struct AppInstaller;

impl Dialect for AppInstaller {
    fn wants(&self, path: &Path<'_>) -> bool {
        path.ends_with(".appinstaller")
    }

    fn read(&self, path: &Path<'_>, bytes: &[u8]) -> Result<Option<UpdaterConfig>, Error> {
        let root = xml::read(bytes)?;
        if root.name != "AppInstaller" {
            return Ok(None);
        }
        let mut draft = Draft::new(UpdaterKind::AppInstaller, path, bytes);
        draft.feed(root.attribute("Uri").unwrap_or_default(), root.span.clone());
        for main in root
            .children
            .iter()
            .filter(|c| matches!(c.name.as_str(), "MainPackage" | "MainBundle"))
        {
            draft.feed(main.attribute("Uri").unwrap_or_default(), main.span.clone());
            draft.anchor(
                "publisher-name",
                main.attribute("Publisher").unwrap_or_default(),
                main.span.clone(),
            );
        }
        if let Some(force) = root.at(&["UpdateSettings", "ForceUpdateFromAnyVersion"])
            && force.text.eq_ignore_ascii_case("true")
        {
            draft.switch(
                "ForceUpdateFromAnyVersion",
                force.text.as_str(),
                Effect::AllowsDowngrade,
                force.span.clone(),
            );
        }
        Ok(Some(draft.done()))
    }
}
