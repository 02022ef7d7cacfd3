//! The user's databases of networks: named by `--geo`, or lying in the data folder's `geo/`, which are read when first asked.

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use anyhow::{Context as _, anyhow};
use time::{Date, OffsetDateTime};

use crate::cli::Failure;
use crate::cli::output::complain;
use crate::jurisdiction::network::{GeoSource, Mmdb, Networks, Ranges};
use crate::model::infrastructure::{GeoAnswer, GeoKind};
use crate::source::file;

/// Largest database read; the largest public ones have about 100 MB.
const MAX_DATABASE: u64 = 512 << 20;
/// Databases of the data folder that are looked at.
const MAX_FILES: usize = 16;
/// Folder of databases inside the data folder.
const FOLDER: &str = "geo";

/// All of them beside those that ship. What the arguments name is read now, so that a mistake in it is one of usage.
pub(super) fn networks(named: &[String], data: Option<&Path>) -> Result<Networks, Failure> {
    let mut sources: Vec<Box<dyn GeoSource>> = Vec::new();
    for argument in named {
        let (kind, path) = split(argument)?;
        let source = open(&path, kind)
            .with_context(|| path.display().to_string())
            .map_err(Failure::usage)?;
        sources.push(source);
    }
    for path in lying(data) {
        sources.push(Box::new(Lying {
            name: name(&path),
            path,
            opened: OnceLock::new(),
        }));
    }
    Ok(Networks::with(sources))
}

/// `FILE`, or `holder=FILE`, `location=FILE`, `route=FILE`.
fn split(argument: &str) -> Result<(Option<GeoKind>, PathBuf), Failure> {
    let (kind, path) = match argument.split_once('=') {
        Some(("holder", path)) => (Some(GeoKind::Holder), path),
        Some(("location", path)) => (Some(GeoKind::Location), path),
        Some(("route", path)) => (Some(GeoKind::Route), path),
        Some(_) | None => (None, argument),
    };
    if path.is_empty() {
        return Err(Failure::usage(anyhow!("--geo names no file")));
    }
    Ok((kind, path.into()))
}

fn open(path: &Path, kind: Option<GeoKind>) -> anyhow::Result<Box<dyn GeoSource>> {
    let named = name(path);
    if path
        .extension()
        .is_some_and(|e| e.eq_ignore_ascii_case("mmdb"))
    {
        let bytes = file::read(path, MAX_DATABASE)?;
        let source = Mmdb::read(named, kind, bytes).map_err(|e| anyhow!("{e}"))?;
        return Ok(Box::new(source));
    }
    let text = file::read_text(path, MAX_DATABASE)?;
    let source = Ranges::read(named, kind, written(path), &text)?;
    if source.crossing() > 0 {
        complain(&format!(
            "{}: {} ranges cross others; the one that starts later answers",
            path.display(),
            source.crossing()
        ));
    }
    Ok(Box::new(source))
}

/// The file's name is what reports call it.
fn name(path: &Path) -> String {
    path.file_name()
        .map(|n| n.to_string_lossy().into_owned())
        .unwrap_or_default()
}

/// When the file was written: the latest day that it can hold for, where it states none itself.
fn written(path: &Path) -> Option<Date> {
    let written = std::fs::metadata(path).and_then(|m| m.modified()).ok()?;
    Some(OffsetDateTime::from(written).date())
}

/// Databases that lie in the data folder, by name.
fn lying(data: Option<&Path>) -> Vec<PathBuf> {
    let Some(folder) = data.map(|d| d.join(FOLDER)) else {
        return Vec::new();
    };
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = entries.filter_map(|e| Some(e.ok()?.path())).collect();
    paths.retain(|p| p.is_file());
    paths.sort();
    paths.truncate(MAX_FILES);
    paths
}

/// One that is read when it is first asked.
#[derive(Debug)]
struct Lying {
    name: String,
    path: PathBuf,
    opened: OnceLock<Result<Box<dyn GeoSource>, String>>,
}

impl GeoSource for Lying {
    fn name(&self) -> &str {
        &self.name
    }

    fn lookup(&self, ip: IpAddr) -> Result<Option<GeoAnswer>, String> {
        let opened = self
            .opened
            .get_or_init(|| open(&self.path, None).map_err(|e| format!("{e:#}")));
        match opened {
            Ok(source) => source.lookup(ip),
            Err(error) => Err(error.clone()),
        }
    }
}
