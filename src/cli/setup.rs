//! Everything that a run rests on, loaded once: data, anchors, settings, policy.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, anyhow};

use crate::base::blob::ReadAt;
use crate::base::budget::{Budget, Limits};
use crate::base::time::{Time, rfc3339};
use crate::cli::Failure;
use crate::cli::args::{KeptArgs, RunArgs};
use crate::cli::exit::Exit;
use crate::cli::legal_entities;
use crate::cli::lists::Store;
use crate::jurisdiction::Operators;
use crate::jurisdiction::network::{Lookups, Networks};
use crate::model::certificate::SharedCertificate;
use crate::model::endpoint::Host;
use crate::pipeline::{self, Context, Examined, Infrastructure, Known, Options, data_sets};
use crate::policy::{Policy, Settings};
use crate::report::json::{Run, Tool};
use crate::screening::{DEFAULT_MAX_AGE_DAYS, Instruments};
use crate::source::clock::Stopwatch;
use crate::source::file::{FileBlob, Spooled};
use crate::source::{clock, file};
use crate::vendor::Registry;
use crate::verify::path::Cache;
use crate::verify::revocation::RevocationEvidence;
use crate::verify::store::{self, Source, TrustStore};

/// Largest settings or policy file.
const MAX_TEXT: u64 = 1 << 20;
/// Largest anchor, CRL or OCSP file.
const MAX_DER: u64 = 64 << 20;

/// The data of a run.
pub(super) struct Setup {
    pub(super) now: Time,
    pub(super) store: TrustStore,
    pub(super) operators: &'static Operators,
    pub(super) vendors: &'static Registry,
    pub(super) instruments: Instruments,
    /// Installed restricted-party lists.
    pub(super) lists: Store,
    /// Installed records of the LEI system.
    pub(super) legal_entities: legal_entities::Store,
    pub(super) cache: Cache,
    pub(super) known: Known,
    pub(super) settings: Settings,
    pub(super) max_list_age_days: i64,
    /// Catalogs that the user gave.
    pub(super) catalogs: Vec<Examined>,
    /// Sources of networks.
    pub(super) networks: Networks,
}

/// No answers of the network about hosts.
pub(super) static NO_LOOKUPS: BTreeMap<Host, Lookups> = BTreeMap::new();

impl Setup {
    /// Loads the data; the judgement time is now where the user names none.
    pub(super) fn load(
        at: Option<Time>,
        anchors: &[PathBuf],
        settings: Settings,
        kept: &KeptArgs,
    ) -> Result<Self, Failure> {
        let now = at.unwrap_or_else(clock::now);
        let mut user = Vec::new();
        for path in anchors {
            user.extend(read_anchors(path)?);
        }
        // Most of the start of a short run is reading data; the two halves take about as long.
        std::thread::spawn(|| (Registry::bundled().is_ok(), Operators::bundled().is_ok()));
        let folder = kept.folder();
        let data = folder.as_deref();
        let instruments = Instruments::builtin().map_err(broken)?;
        let settings = settings.with_country_sets(instruments.country_sets(now.date()));
        let max_list_age_days = settings
            .number("max_instrument_age_days")
            .unwrap_or(DEFAULT_MAX_AGE_DAYS);
        Ok(Self {
            now,
            store: trust_store(data)?.with_user(user),
            operators: Operators::bundled().map_err(|e| broken(anyhow!("{e}")))?,
            vendors: Registry::bundled().map_err(|e| broken(anyhow!("{e}")))?,
            instruments,
            lists: Store::open(data, kept.persons),
            legal_entities: legal_entities::Store::open(data),
            cache: Cache::default(),
            known: Known::default(),
            settings,
            max_list_age_days,
            catalogs: Vec::new(),
            networks: Networks::default(),
        })
    }

    /// Reads the catalogs that files may be signed by.
    pub(super) fn read_catalogs(&mut self, paths: &[PathBuf]) -> Result<(), Failure> {
        let clock = Stopwatch::start();
        for path in paths {
            let named = || format!("catalog {}", path.display());
            let blob: Arc<dyn ReadAt> = Arc::new(
                FileBlob::open(path)
                    .with_context(named)
                    .map_err(Failure::usage)?,
            );
            let options = Options {
                budget: &Budget::start(Limits::default(), &clock),
                spool: &Spooled,
                catalogs: false,
            };
            let examined = pipeline::examine(&path.to_string_lossy(), &blob, &options);
            if !examined.is_catalog() {
                return Err(Failure::usage(anyhow!("{} is no catalog", path.display())));
            }
            self.catalogs.push(examined);
        }
        Ok(())
    }

    /// The pipeline's context, with `revocation` at hand.
    pub(super) fn context<'a>(
        &'a self,
        args: &RunArgs,
        revocation: &'a RevocationEvidence,
    ) -> Context<'a> {
        Context {
            now: self.now,
            profile: args.profile,
            store: &self.store,
            issuers: &self.store,
            revocation,
            cache: &self.cache,
            known: &self.known,
            operators: self.operators,
            vendors: self.vendors,
            instruments: &self.instruments,
            listed: &self.lists,
            legal_entities: &self.legal_entities,
            catalogs: &self.catalogs,
            infrastructure: Some(Infrastructure {
                networks: &self.networks,
                lookups: &NO_LOOKUPS,
            }),
            max_list_age_days: self.max_list_age_days,
        }
    }

    /// The policy asked for: by flag, by settings, else `default`.
    pub(super) fn policy(&self, asked: Option<&str>) -> Result<Policy, Failure> {
        let name = asked.or(self.settings.policy()).unwrap_or("default");
        let is_file = Path::new(name).extension().is_some_and(|e| e == "rego");
        let policy = if is_file {
            let text = file::read_text(Path::new(name), MAX_TEXT)
                .with_context(|| format!("policy {name}"))
                .map_err(Failure::usage)?;
            Policy::from_text(name, &text, &self.settings)
        } else {
            Policy::builtin(name, &self.settings)
        };
        policy.map_err(Failure::usage)
    }

    /// Who writes the report, and by which data.
    pub(super) fn tool(&self, context: &Context<'_>) -> Tool {
        Tool {
            name: env!("CARGO_PKG_NAME").into(),
            version: env!("CARGO_PKG_VERSION").into(),
            data: data_sets(context),
        }
    }

    /// How it was run; `fetches` where subjects come over the network.
    pub(super) fn run(&self, args: &RunArgs, policy: Option<&Policy>, fetches: bool) -> Run {
        Run {
            at: rfc3339(self.now),
            offline: !args.online && !fetches,
            profile: args.profile.map_or("auto", |p| p.name()).into(),
            policy: policy.map(|p| p.identity().id.clone()),
            trust_roots: self.store.user_fingerprints(),
            lists: self.lists.readable().into_iter().collect(),
            limits: BTreeMap::from([
                ("max_decoded".into(), args.max_decoded),
                ("max_depth".into(), args.max_depth.into()),
                ("max_members".into(), args.max_members),
                ("max_size".into(), args.max_size),
                ("timeout_seconds".into(), args.timeout),
            ]),
        }
    }
}

/// Data compiled in are held whole by tests, so this is a fault of the program.
fn broken(error: impl Into<anyhow::Error>) -> Failure {
    Failure {
        exit: Exit::Internal,
        error: error.into(),
    }
}

/// The root list that the user imported, else the one compiled in.
pub(super) fn trust_store(data: Option<&Path>) -> Result<TrustStore, Failure> {
    let Some(dir) = data
        .map(|d| d.join(IMPORTED))
        .filter(|d| d.join(CURRENT).is_file())
    else {
        return Ok(TrustStore::bundled());
    };
    let load = || -> anyhow::Result<TrustStore> {
        let current = file::read_text(&dir.join(CURRENT), MAX_TEXT)?;
        let folder = dir.join(current.trim());
        Ok(TrustStore::load(Source::Imported {
            index: file::read_text(&folder.join("roots.tsv"), MAX_DER)?,
            certificates: file::read(&folder.join("roots.der"), MAX_DER)?,
        })?)
    };
    load()
        .with_context(|| format!("imported root list in {}", dir.display()))
        .map_err(|error| Failure {
            exit: Exit::Unavailable,
            error,
        })
}

/// Folder of imported root lists inside the data folder, one folder a sequence number.
pub(super) const IMPORTED: &str = "trust-roots/windows";
/// The file that says which of them is in use: replaced last and in one step, so that an import is whole or did not happen.
pub(super) const CURRENT: &str = "current";

/// Reads anchors or other certificates of the user's.
pub(super) fn read_anchors(path: &Path) -> Result<Vec<SharedCertificate>, Failure> {
    let bytes = read_der(path)?;
    store::user::read(&bytes)
        .with_context(|| path.display().to_string())
        .map_err(Failure::usage)
}

/// Reads a file that the user named for its DER or PEM.
pub(super) fn read_der(path: &Path) -> Result<Vec<u8>, Failure> {
    file::read(path, MAX_DER)
        .with_context(|| path.display().to_string())
        .map_err(Failure::usage)
}

/// The settings file that was named, or the nearest `bonafide.toml` here or above.
pub(super) fn settings(named: Option<&Path>, none: bool) -> Result<Settings, Failure> {
    let path = match named {
        Some(path) => Some(path.to_path_buf()),
        None if none => None,
        None => std::env::current_dir().ok().and_then(|dir| {
            dir.ancestors()
                .map(|d| d.join("bonafide.toml"))
                .find(|p| p.is_file())
        }),
    };
    let Some(path) = path else {
        return Ok(Settings::default());
    };
    let shown = path.display().to_string();
    let text = file::read_text(&path, MAX_TEXT)
        .with_context(|| shown.clone())
        .map_err(Failure::usage)?;
    Settings::parse(&shown, &text).map_err(Failure::usage)
}
