//! Reads a subject and everything inside it, once: members of containers go through the same stage under one budget.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rayon::Scope;

use crate::base::blob::{ReadAt, Slice, Spool};
use crate::base::budget::{Budget, Exceeded};
use crate::format::findings::{MEMBER_CORRUPT, MEMBERS_NOT_EXAMINED};
use crate::format::{self, Content, Entry, Error, Format, Inside, Kind, Out, Sniff};
use crate::model::analysis::{ErrorKind, Members, SubjectError};
use crate::model::digest::DigestAlgorithm;
use crate::model::extract::{Extract, Gap, Signing, Span};
use crate::model::finding::{Finding, Status};
use crate::model::origin::Origin;
use crate::model::updater::UpdaterConfig;
use crate::pipeline::addresses::{self, Addresses};
use crate::verify::authenticode;
use crate::verify::catalog::{self, FileDigests};
use crate::verify::image::{self, Request, Scan};

/// Names that one gap lists before it only counts.
const NAMED: usize = 3;

/// Reason of a file that runs or holds files and that no format here reads.
const NOT_READ: &str = "format-not-examined";

/// What reading may use.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// Bounds the subject with all its members.
    pub budget: &'a Budget<'a>,
    /// Keeps decoded members.
    pub spool: &'a dyn Spool,
    /// Catalogs are at hand, so that files of any kind may turn out to be signed by one.
    pub catalogs: bool,
}

impl std::fmt::Debug for Options<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Options")
            .field("catalogs", &self.catalogs)
            .finish_non_exhaustive()
    }
}

/// A subject that was read with its members: what each holds, and every digest that a judgement will ask for.
#[derive(Debug, Clone)]
pub struct Examined {
    /// In the order of [`Place`], so that parents stand before their members. Never empty.
    nodes: Vec<Node>,
    /// Where the subject was fetched from.
    origin: Option<Origin>,
}

/// One file or member.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) place: Place,
    /// As the user named the top-level one, and `parent!/member` below it.
    pub(super) path: String,
    pub(super) size: u64,
    pub(super) state: Result<Contents, SubjectError>,
}

#[derive(Debug, Clone)]
pub(super) struct Contents {
    pub(super) extract: Extract,
    pub(super) scan: Scan,
    /// SHA-256 of what the first signature covers, by which UEFI lists name an image.
    pub(super) image_sha256: Option<Vec<u8>>,
    pub(super) members: Option<Members>,
    /// The digests by which a catalog would list it, where catalogs are at hand.
    pub(super) catalog_digests: Option<FileDigests>,
    pub(super) addresses: Addresses,
}

/// Where a member stands: its index in each container on the way down. Orders as the containers do, parents first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Place(Vec<usize>);

impl Place {
    pub(super) fn is_top(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn is_inside(&self, above: &Self) -> bool {
        self.0.len() > above.0.len() && self.0.starts_with(&above.0)
    }

    /// The container that it stands in; `None` for the top-level one.
    pub(super) fn container(&self) -> Option<Self> {
        let (_, way) = self.0.split_last()?;
        Some(Self(way.to_vec()))
    }

    fn depth(&self) -> u32 {
        u32::try_from(self.0.len()).unwrap_or(u32::MAX)
    }

    fn member(&self, index: usize) -> Self {
        let mut way = self.0.clone();
        way.push(index);
        Self(way)
    }
}

impl Node {
    pub(super) fn is_top(&self) -> bool {
        self.place.is_top()
    }
}

impl Examined {
    /// A subject that could not even be opened.
    pub fn failed(path: impl Into<String>, error: SubjectError) -> Self {
        Self {
            nodes: vec![Node {
                place: Place::default(),
                path: path.into(),
                size: 0,
                state: Err(error),
            }],
            origin: None,
        }
    }

    /// The same, fetched from there.
    #[must_use]
    pub fn with_origin(mut self, origin: Origin) -> Self {
        self.origin = Some(origin);
        self
    }

    pub(super) fn origin(&self) -> Option<&Origin> {
        self.origin.as_ref()
    }

    /// Why the subject itself could not be examined.
    pub fn error(&self) -> Option<&SubjectError> {
        self.nodes.first()?.state.as_ref().err()
    }

    /// It is a security catalog.
    pub fn is_catalog(&self) -> bool {
        let top = self.nodes.first().and_then(|node| node.state.as_ref().ok());
        let signature = top.and_then(|contents| contents.extract.signatures.first());
        signature.is_some_and(|raw| catalog::read(raw).is_some())
    }

    /// Configurations of updaters that it is or holds, parents first.
    pub fn updaters(&self) -> Vec<UpdaterConfig> {
        let contents = self.nodes.iter().filter_map(|n| n.state.as_ref().ok());
        contents
            .flat_map(|c| c.addresses.updaters.clone())
            .collect()
    }

    pub(super) fn nodes(&self) -> &[Node] {
        &self.nodes
    }
}

/// Reads the subject once, and all that is inside it.
pub fn examine(path: &str, blob: &Arc<dyn ReadAt>, options: &Options<'_>) -> Examined {
    options.budget.state_size(blob.size());
    let mut top = Node {
        place: Place::default(),
        path: path.to_owned(),
        size: blob.size(),
        state: Err(unknown()),
    };
    let found = read(path, blob, options, options.catalogs, false);
    let inside = match found {
        Err(error) => {
            top.state = Err(error);
            None
        }
        Ok((mut contents, format)) => {
            let inside = format.and_then(|f| open(f, blob, 0, options, &mut contents));
            top.state = Ok(contents);
            inside
        }
    };
    let Some(inside) = inside else {
        return Examined {
            nodes: vec![top],
            origin: None,
        };
    };
    let walk = Walk {
        options,
        nodes: Mutex::default(),
        containers: Mutex::default(),
    };
    rayon::scope(|scope| walk.members(scope, &top.place, path, blob, inside));
    walk.finish(top)
}

fn unknown() -> SubjectError {
    SubjectError {
        kind: ErrorKind::Unsupported,
        reason: "unknown-format".into(),
        message: "no format that is examined".into(),
    }
}

type Read1 = (Contents, Option<&'static dyn Format>);

/// One file, without what is inside it. A file of no known format is read only where `catalogs` may sign it, or where as a member
/// it says from where its product takes updates.
fn read(
    name: &str,
    blob: &Arc<dyn ReadAt>,
    options: &Options<'_>,
    catalogs: bool,
    member: bool,
) -> Result<Read1, SubjectError> {
    let budget = options.budget;
    budget.check_size(blob.size()).map_err(limit)?;
    let head_len = u64::try_from(format::HEAD_LEN)
        .unwrap_or(u64::MAX)
        .min(blob.size());
    let head = blob.read_range(0..head_len).map_err(|e| SubjectError {
        kind: ErrorKind::Unreadable,
        reason: "io".into(),
        message: e.to_string(),
    })?;
    let sniff = Sniff {
        head: &head,
        name,
        blob: &**blob,
    };
    let format = format::detect(&sniff);
    if format.is_none()
        && let Some(what) = format::unexamined(&head)
    {
        return Err(SubjectError {
            kind: ErrorKind::Unsupported,
            reason: NOT_READ.into(),
            message: format!("{what}: files of this format are not examined"),
        });
    }
    let extract = match format {
        Some(format) => format
            .extract(&**blob, budget)
            .map_err(|e| SubjectError::from(&e))?,
        None if catalogs || member => Extract {
            format: "unknown",
            // The user asks whether a catalog signs it, or it stands beside one.
            signing: if catalogs {
                Signing::Optional
            } else {
                Signing::None
            },
            ..Extract::default()
        },
        None => return Err(unknown()),
    };
    let slots: Vec<Span> = extract.signatures.iter().map(|s| s.span.clone()).collect();
    let addresses = addresses::read(&sniff, &slots, budget);
    if format.is_none() && !catalogs && !addresses.is_about_updates() {
        return Err(unknown());
    }
    let opened = authenticode::open(&extract.signatures);
    let mut covered = opened.covered();
    let wanted = covered.len();
    if catalogs {
        covered.extend(catalog::covered(&extract));
    }
    let looked_up = covered.len();
    // UEFI lists name images by their SHA-256 whatever the signature's own algorithm is, and any image may be judged by them.
    let first = extract.signatures.first();
    covered.extend(
        first
            .and_then(|s| s.covers.first())
            .map(|c| (c, DigestAlgorithm::Sha256)),
    );
    let flat: &[DigestAlgorithm] = if catalogs {
        &[DigestAlgorithm::Sha1, DigestAlgorithm::Sha256]
    } else {
        &[DigestAlgorithm::Sha256]
    };
    let mut scan = image::scan(
        &**blob,
        &Request {
            flat,
            covered: &covered,
            pages: &opened.pages(),
            checksum: extract.checksum.as_ref(),
        },
        budget,
    )
    .map_err(|e| SubjectError::from(&e))?;
    let image_sha256 = scan.covered.drain(looked_up..).next().flatten();
    let images: Vec<_> = scan.covered.drain(wanted..).collect();
    let catalog_digests = catalogs.then(|| FileDigests::new(&extract, &scan.flat, &images));
    let contents = Contents {
        extract,
        scan,
        image_sha256,
        members: None,
        catalog_digests,
        addresses,
    };
    Ok((contents, format))
}

fn limit(exceeded: Exceeded) -> SubjectError {
    SubjectError::from(&Error::from(exceeded))
}

/// The members of a container; what keeps them from being listed is said on the container.
fn open(
    format: &'static dyn Format,
    blob: &Arc<dyn ReadAt>,
    depth: u32,
    options: &Options<'_>,
    contents: &mut Contents,
) -> Option<Box<dyn Inside>> {
    let opened = format.open(&**blob, options.budget);
    let why = match opened {
        Ok(None) => return None,
        Ok(Some(inside)) if depth < options.budget.limits().max_depth => {
            contents
                .extract
                .findings
                .extend(inside.findings().iter().cloned());
            return Some(inside);
        }
        Ok(Some(_)) => Exceeded::Depth(options.budget.limits().max_depth).to_string(),
        Err(error) => error.to_string(),
    };
    not_examined(&mut contents.extract, "what is inside", &why);
    None
}

fn not_examined(extract: &mut Extract, what: &str, why: &str) {
    extract.gaps.push(Gap {
        what: what.to_owned(),
        why: why.to_owned(),
    });
    extract.findings.push(Finding::new(
        &MEMBERS_NOT_EXAMINED,
        Status::Unknown,
        format!("{what}: {why}"),
    ));
}

/// What a compressed file decodes to, by its name: `release.tar` for `release.tar.gz`, and for `release.tgz`.
fn decoded_name(path: &str) -> String {
    let last = path.rsplit(['/', '\\']).next().unwrap_or_default();
    match last.rsplit_once('.') {
        Some((stem, "tgz" | "txz" | "tbz2" | "tzst" | "crate")) => format!("{stem}.tar"),
        Some((stem, _)) if !stem.is_empty() => stem.to_owned(),
        Some(_) | None => "content".to_owned(),
    }
}

/// The walk through everything inside one subject.
struct Walk<'w> {
    options: &'w Options<'w>,
    nodes: Mutex<Vec<Node>>,
    containers: Mutex<BTreeMap<Place, Arc<Container>>>,
}

/// A container whose members are being read.
struct Container {
    place: Place,
    path: String,
    inside: Box<dyn Inside>,
    /// A catalog is among its members or was given.
    catalogs: bool,
    examined: AtomicU64,
    other: AtomicU64,
    /// Members that were had, whatever came of them.
    had: Mutex<BTreeSet<usize>>,
    /// Members that could not be had or read, with why.
    failed: Mutex<BTreeMap<usize, String>>,
    /// Why blocks ended early.
    ended: Mutex<Vec<String>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn add_one(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}

impl Walk<'_> {
    /// Starts on every member: those that stand in the container as they are, and every block of coded ones.
    fn members<'s>(
        &'s self,
        scope: &Scope<'s>,
        place: &Place,
        path: &str,
        blob: &Arc<dyn ReadAt>,
        inside: Box<dyn Inside>,
    ) {
        let is_catalog = |e: &Entry| e.path.to_ascii_lowercase().ends_with(".cat");
        let container = Arc::new(Container {
            place: place.clone(),
            path: path.to_owned(),
            catalogs: self.options.catalogs || inside.entries().iter().any(is_catalog),
            inside,
            examined: AtomicU64::new(0),
            other: AtomicU64::new(0),
            had: Mutex::default(),
            failed: Mutex::default(),
            ended: Mutex::default(),
        });
        lock(&self.containers).insert(place.clone(), Arc::clone(&container));
        for (index, entry) in container.inside.entries().iter().enumerate() {
            match (entry.kind, &entry.content) {
                (Kind::Directory | Kind::Special, _) | (Kind::File, Content::Coded) => {}
                (Kind::File, Content::Unreadable(why)) => {
                    lock(&container.failed).insert(index, why.clone());
                }
                (Kind::File, Content::Stored(span)) => {
                    let (blob, span) = (Arc::clone(blob), span.clone());
                    let container = Arc::clone(&container);
                    scope.spawn(move |scope| {
                        lock(&container.had).insert(index);
                        match Slice::new(blob, span) {
                            Ok(slice) => self.member(scope, &container, index, Arc::new(slice)),
                            Err(_) => {
                                let why = "it lies outside its container".to_owned();
                                lock(&container.failed).insert(index, why);
                            }
                        }
                    });
                }
            }
        }
        for block in 0..container.inside.blocks() {
            let (blob, container) = (Arc::clone(blob), Arc::clone(&container));
            scope.spawn(move |scope| {
                let mut receiver = Receiver {
                    walk: self,
                    scope,
                    container: &container,
                };
                let budget = self.options.budget;
                // A decoder may cost much to set up and give nothing.
                let decoded = budget.check_time().map_err(Into::into).and_then(|()| {
                    container
                        .inside
                        .decode(&*blob, block, budget, &mut receiver)
                });
                if let Err(error) = decoded {
                    lock(&container.ended).push(error.to_string());
                }
            });
        }
    }

    /// One member, and what is inside it.
    fn member<'s>(
        &'s self,
        scope: &Scope<'s>,
        container: &Container,
        index: usize,
        blob: Arc<dyn ReadAt>,
    ) {
        let Some(entry) = container.inside.entries().get(index) else {
            return;
        };
        let place = container.place.member(index);
        let name = match entry.path.as_str() {
            "" => decoded_name(&container.path),
            named => named.to_owned(),
        };
        let path = format!("{}!/{name}", container.path);
        let read = read(&name, &blob, self.options, container.catalogs, true);
        let state = match read {
            Err(error) if error.reason == NOT_READ => {
                lock(&container.failed).insert(index, error.message);
                return;
            }
            Err(error) if error.kind == ErrorKind::Unsupported => {
                add_one(&container.other);
                return;
            }
            Err(error) => {
                lock(&container.failed).insert(index, error.message.clone());
                Err(error)
            }
            Ok((contents, None)) => {
                add_one(&container.other);
                Ok(contents)
            }
            Ok((mut contents, Some(format))) => {
                add_one(&container.examined);
                let inside = open(format, &blob, place.depth(), self.options, &mut contents);
                if let Some(inside) = inside {
                    self.members(scope, &place, &path, &blob, inside);
                }
                Ok(contents)
            }
        };
        lock(&self.nodes).push(Node {
            place,
            path,
            size: blob.size(),
            state,
        });
    }

    /// Everything that was found, with each container's count and gaps.
    fn finish(self, top: Node) -> Examined {
        let mut nodes = self
            .nodes
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        nodes.push(top);
        nodes.sort_by(|a, b| a.place.cmp(&b.place));
        let containers = self.containers.into_inner();
        let containers = containers.unwrap_or_else(PoisonError::into_inner);
        for node in &mut nodes {
            if let (Some(container), Ok(contents)) = (containers.get(&node.place), &mut node.state)
            {
                container.close(contents);
            }
        }
        Examined {
            nodes,
            origin: None,
        }
    }
}

impl Container {
    fn close(&self, contents: &mut Contents) {
        let had = lock(&self.had);
        let ended = lock(&self.ended);
        let silent = "its container did not give it".to_owned();
        let mut failed = lock(&self.failed).clone();
        let mut listed = 0u64;
        for (index, entry) in self.inside.entries().iter().enumerate() {
            if entry.kind != Kind::File {
                continue;
            }
            listed = listed.saturating_add(1);
            if entry.content == Content::Coded && !had.contains(&index) {
                let why = ended.first().unwrap_or(&silent);
                failed.entry(index).or_insert_with(|| why.clone());
            }
        }
        let mut by_reason: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (index, why) in &failed {
            by_reason.entry(why).or_default().push(*index);
        }
        for (why, indices) in by_reason {
            not_examined(&mut contents.extract, &self.named(&indices), why);
        }
        contents.members = Some(Members {
            listed,
            examined: self.examined.load(Ordering::Relaxed),
            other: self.other.load(Ordering::Relaxed),
            unexamined: u64::try_from(failed.len()).unwrap_or(u64::MAX),
        });
    }

    /// `a.dll, b.dll, c.dll and 12 more`.
    fn named(&self, indices: &[usize]) -> String {
        let entries = self.inside.entries();
        let names: Vec<&str> = indices
            .iter()
            .take(NAMED)
            .filter_map(|i| Some(entries.get(*i)?.path.as_str()))
            .collect();
        match indices.len().saturating_sub(names.len()) {
            0 => names.join(", "),
            more => format!("{} and {more} more", names.join(", ")),
        }
    }
}

/// Takes the members of one block as they are decoded.
struct Receiver<'r, 'w, 's> {
    walk: &'s Walk<'w>,
    scope: &'r Scope<'s>,
    container: &'r Container,
}

impl Out for Receiver<'_, '_, '_> {
    fn wants(&self, index: usize) -> bool {
        let entry = self.container.inside.entries().get(index);
        entry.is_some_and(|e| e.kind == Kind::File)
    }

    fn member(&mut self, index: usize, content: &mut dyn Read) -> Result<(), Error> {
        if !lock(&self.container.had).insert(index) {
            return Ok(());
        }
        match self.walk.options.spool.keep(content) {
            Ok(blob) => {
                self.walk.member(self.scope, self.container, index, blob);
                Ok(())
            }
            Err(error) => {
                let error = Error::decoding(&MEMBER_CORRUPT, 0, &error);
                lock(&self.container.failed).insert(index, error.to_string());
                Err(error)
            }
        }
    }
}
