//! What to ask for: the release file, the indexes that it lists, a file that these list.
//!
//! Nothing is verified here: what a forged release file names is asked for at most, within the limits, and below the repository.

use super::packages::{MAX_DECODED, Package, Scan, scan};
use super::release::{FORMS, Release};
use super::source::Source;
use crate::base::blob::ReadAt;
use crate::channel::{Request, address};
use crate::envelope::openpgp::clearsigned;
use crate::model::channel::FetchOutcome;
use crate::model::collection::{Collected, Collection, Want};
use crate::model::digest::{DigestAlgorithm, hex};

/// Largest release file; the largest suites have 200 KB.
pub(super) const MAX_RELEASE: u64 = 32 << 20;
/// Largest detached signature.
pub(super) const MAX_SIGNATURE: u64 = 1 << 20;
/// Largest index as it is served.
const MAX_INDEX: u64 = 256 << 20;
/// What an index may be longer than stated and still be compared, so that a difference is seen and not only a limit.
const SLACK: u64 = 1 << 20;
/// Largest package fetched.
const MAX_PACKAGE: u64 = 4 << 30;
/// Indexes of one source.
const MAX_INDEXES: usize = 64;
/// Files of one source that are asked for.
pub(super) const MAX_PACKAGES: usize = 64;

/// One index, and where it may be asked for.
#[derive(Debug, Clone)]
pub(super) struct Index {
    /// Its name in the release file, without its form: `main/binary-amd64/Packages`.
    pub(super) path: String,
    /// In the order that the client takes them.
    pub(super) places: Vec<Place>,
}

/// One form of an index at one address.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) url: String,
    /// As the release file lists it, with its form.
    pub(super) path: String,
    pub(super) algorithm: DigestAlgorithm,
    pub(super) digest: Vec<u8>,
    pub(super) size: u64,
}

pub(super) fn inline(source: &Source) -> String {
    format!("{}InRelease", source.dist)
}

pub(super) fn plain(source: &Source) -> String {
    format!("{}Release", source.dist)
}

pub(super) fn detached(source: &Source) -> String {
    format!("{}Release.gpg", source.dist)
}

pub(super) fn came(have: &Collection, url: &str) -> bool {
    have.get(url)
        .is_some_and(|c| c.fetch.outcome == FetchOutcome::Whole)
}

pub(super) fn wants(request: &Request, have: &Collection) -> Vec<Want> {
    let Ok(source) = Source::of(request) else {
        return Vec::new();
    };
    let inline = inline(&source);
    if !have.asked(&inline) {
        return vec![Want::document(inline, "InRelease", MAX_RELEASE).if_there()];
    }
    if !came(have, &inline) && !have.asked(&plain(&source)) {
        return vec![
            Want::document(plain(&source), "Release", MAX_RELEASE),
            Want::document(detached(&source), "Release.gpg", MAX_SIGNATURE).if_there(),
        ];
    }
    let Some(release) = unverified(&source, have) else {
        return Vec::new();
    };
    let indexes = indexes(&source, &release);
    let mut wants: Vec<Want> = indexes
        .iter()
        .filter_map(|index| {
            let place = next(index, have)?;
            let limit = place.size.saturating_add(SLACK).min(MAX_INDEX);
            Some(Want::document(place.url.clone(), place.path.clone(), limit).if_there())
        })
        .collect();
    if wants.is_empty() {
        let all: Vec<(Index, Scan)> = indexes
            .into_iter()
            .filter_map(|index| {
                let (place, body) = arrived(&index, have)?;
                let scan = scan_of(&release, place, body, request, &[]).ok()?;
                Some((index, scan))
            })
            .collect();
        wants = selected(request, all.iter().map(|(_, s)| s))
            .into_iter()
            .filter_map(|p| {
                let url = address::below(&source.root, &p.filename)?;
                let limit = p.size.map_or(MAX_PACKAGE, |s| s.saturating_add(SLACK));
                let what = format!("{} {}", p.name, p.version);
                Some(Want::artifact(url, what, limit.min(MAX_PACKAGE)).if_there())
            })
            .collect();
    }
    wants.retain(|w| !have.asked(&w.url));
    wants
}

/// What the release file says before anything of it is verified.
fn unverified(source: &Source, have: &Collection) -> Option<Release> {
    if let Some(bytes) = have.bytes(&inline(source), MAX_RELEASE) {
        let message = clearsigned::split(&bytes).ok()?;
        return Release::read(&message.text, 0).ok();
    }
    let bytes = have.bytes(&plain(source), MAX_RELEASE)?;
    Release::read(&bytes, 0).ok()
}

/// The indexes of a source that a release file lists.
pub(super) fn indexes(source: &Source, release: &Release) -> Vec<Index> {
    let folders: Vec<String> = if source.is_flat() {
        vec![String::new()]
    } else {
        let asked = source.components.iter().map(String::as_str);
        let listed = release.components();
        let components: Vec<&str> = if source.components.is_empty() {
            listed
        } else {
            asked.collect()
        };
        let folder = |c: &str| format!("{c}/binary-{}/", source.architecture);
        components
            .into_iter()
            .take(MAX_INDEXES)
            .map(folder)
            .collect()
    };
    let indexes = folders.into_iter().map(|folder| {
        let path = format!("{folder}Packages");
        let places = FORMS
            .iter()
            .flat_map(|form| places(source, release, &folder, &format!("{path}{form}")))
            .collect();
        Index { path, places }
    });
    indexes.filter(|i| !i.places.is_empty()).collect()
}

/// One form by its digest, where that is offered, then by its name.
fn places(source: &Source, release: &Release, folder: &str, path: &str) -> Vec<Place> {
    let Some((algorithm, entry)) = release.entry(path) else {
        return Vec::new();
    };
    let name = match algorithm {
        DigestAlgorithm::Sha512 => Some("SHA512"),
        DigestAlgorithm::Sha256 => Some("SHA256"),
        DigestAlgorithm::Md2
        | DigestAlgorithm::Md5
        | DigestAlgorithm::Sha1
        | DigestAlgorithm::Sha224
        | DigestAlgorithm::Sha384 => None,
    };
    let by_hash = name
        .filter(|_| release.by_hash())
        .map(|n| format!("{folder}by-hash/{n}/{}", hex(&entry.digest)));
    [by_hash, Some(path.to_owned())]
        .into_iter()
        .flatten()
        .filter_map(|at| {
            Some(Place {
                url: address::below(&source.dist, &at)?,
                path: path.to_owned(),
                algorithm,
                digest: entry.digest.clone(),
                size: entry.size,
            })
        })
        .collect()
}

/// The place to ask next; none where one gave the index, or none is left.
fn next<'i>(index: &'i Index, have: &Collection) -> Option<&'i Place> {
    if arrived(index, have).is_some() {
        return None;
    }
    index.places.iter().find(|p| !have.asked(&p.url))
}

/// The place that gave the index, with its bytes.
pub(super) fn arrived<'i, 'c>(
    index: &'i Index,
    have: &'c Collection,
) -> Option<(&'i Place, &'c Collected)> {
    index.places.iter().find_map(|place| {
        let found = have.get(&place.url)?;
        (found.fetch.outcome == FetchOutcome::Whole).then_some((place, found))
    })
}

/// Reads an index that came. What comes out of it may be as long as the release file states of its plain form.
pub(super) fn scan_of(
    release: &Release,
    place: &Place,
    found: &Collected,
    request: &Request,
    algorithms: &[DigestAlgorithm],
) -> Result<Scan, String> {
    let body: &dyn ReadAt = found.body.as_deref().ok_or("its bytes are not at hand")?;
    let bare = bare(&place.path);
    let stated = release
        .entry(bare)
        .map(|(_, e)| e.size.saturating_add(SLACK));
    let limit = stated.unwrap_or(MAX_DECODED).min(MAX_DECODED);
    scan(&place.path, body, limit, &request.products, algorithms)
}

/// The path of an index without its form.
pub(super) fn bare(path: &str) -> &str {
    FORMS
        .iter()
        .filter(|f| !f.is_empty())
        .find_map(|f| path.strip_suffix(f))
        .unwrap_or(path)
}

/// No file is asked for, whatever the indexes list.
pub(super) fn wants_none(request: &Request) -> bool {
    let artifacts = request.options.get("artifacts");
    artifacts.is_some_and(|v| v == "none")
}

/// The packages whose files are wanted: the newest of each product asked for, else the smallest of all as a sample.
pub(super) fn selected<'s>(
    request: &Request,
    scans: impl Iterator<Item = &'s Scan>,
) -> Vec<&'s Package> {
    let scans: Vec<&Scan> = scans.collect();
    if wants_none(request) {
        return Vec::new();
    }
    if request.products.is_empty() {
        let all = scans.iter().filter_map(|s| s.smallest.as_ref());
        return all
            .min_by_key(|p| (p.size.unwrap_or(u64::MAX), &p.name))
            .into_iter()
            .collect();
    }
    let newest = |product: &String| {
        let all = scans.iter().filter_map(|s| s.newest(product));
        all.max_by_key(|p| crate::base::debian_version::Version::parse(&p.version))
    };
    let products = request.products.iter().take(MAX_PACKAGES);
    products.filter_map(newest).collect()
}
