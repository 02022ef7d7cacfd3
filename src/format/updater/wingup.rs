//! WinGUp: `gup.xml` beside the updater.

use super::draft::Draft;
use super::{Dialect, Path};
use crate::format::Error;
use crate::format::config::xml;
use crate::model::updater::{UpdaterConfig, UpdaterKind};

pub(super) struct WinGup;

impl Dialect for WinGup {
    fn wants(&self, path: &Path<'_>) -> bool {
        path.name() == "gup.xml"
    }

    fn read(&self, path: &Path<'_>, bytes: &[u8]) -> Result<Option<UpdaterConfig>, Error> {
        let root = xml::read(bytes)?;
        if root.name != "GUPInput" {
            return Ok(None);
        }
        let mut draft = Draft::new(UpdaterKind::WinGup, path, bytes);
        if let Some(info) = root.child("InfoUrl") {
            draft.feed(info.text.as_str(), info.span.clone());
        }
        Ok(Some(draft.done()))
    }
}
