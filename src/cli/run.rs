//! `verify` and `inspect`: every input through the pipeline, in parallel, reported in the order given.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError, mpsc};
use std::time::Duration;

use anyhow::anyhow;

use crate::base::blob::ReadAt;
use crate::base::budget::{Budget, Clock, Limits};
#[cfg(feature = "net")]
use crate::base::text::shown;
use crate::channel::findings::{METADATA_NOT_AUTHENTICATED, METADATA_UNSIGNED};
use crate::cli::args::{FailOn, RunArgs};
use crate::cli::exit::Exit;
#[cfg(feature = "net")]
use crate::cli::lookups::{Asks, Inquirer};
use crate::cli::output::{Reports, complain};
use crate::cli::setup::{self, Setup};
use crate::cli::subjects::{self, Input, Kind, is_remote, is_several, reason};
use crate::cli::{Failure, evidence, geo};
#[cfg(feature = "net")]
use crate::jurisdiction::network::Lookups;
#[cfg(feature = "net")]
use crate::model::analysis::Analysis;
use crate::model::analysis::{ErrorKind, SubjectError};
#[cfg(feature = "net")]
use crate::model::endpoint::Host;
use crate::model::finding::Definition;
#[cfg(feature = "net")]
use crate::pipeline::Infrastructure;
use crate::pipeline::{self, Examined, Options};
use crate::policy::Policy;
use crate::report::json::words::{Decision, ErrorKind as ErrorWord};
use crate::report::json::{Report, Run, Tool};
use crate::source::clock::Stopwatch;
use crate::source::file::{FileBlob, Spooled};
#[cfg(feature = "net")]
use crate::source::http::Deadline;
#[cfg(feature = "net")]
use crate::source::registry::RemoteFile;
use crate::verify::findings::file::{ONE_SIGNATURE_INVALID, SIGNATURE_INVALID, SIGNATURE_MISSING};

/// What is asked of the facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ask {
    /// A policy's verdict, which is the exit code.
    Verdict,
    /// Nothing.
    Facts,
}

/// Reasons that say a required signature is not there or does not hold; they have an exit code of their own.
static SIGNATURE_REASONS: [&Definition; 5] = [
    &METADATA_UNSIGNED,
    &METADATA_NOT_AUTHENTICATED,
    &SIGNATURE_MISSING,
    &SIGNATURE_INVALID,
    &ONE_SIGNATURE_INVALID,
];

/// How far workers may run ahead of what is written: bounds memory where one file takes long and the rest do not.
const WINDOW: usize = 256;

/// Rounds of asking for one file: revocation of its chains, up to two issuers that were missing, revocation of those.
const ROUNDS: usize = 4;

/// How long one file may take to come.
#[cfg(feature = "net")]
const DOWNLOAD_TIME: Duration = Duration::from_secs(3600);

/// How long a waiting worker may miss an interrupt.
const LOOK_UP: Duration = Duration::from_millis(100);

/// How long the questions about one host may take, in seconds.
#[cfg(feature = "net")]
const HOST_TIME: u64 = 30;

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// A stopwatch that an interrupt runs out, so that a long scan ends soon.
struct Interruptible(Stopwatch);

impl Clock for Interruptible {
    fn elapsed(&self) -> Duration {
        if INTERRUPTED.load(Ordering::Relaxed) {
            Duration::MAX
        } else {
            self.0.elapsed()
        }
    }
}

/// One run.
struct Job<'a> {
    args: &'a RunArgs,
    setup: &'a Setup,
    policy: Option<&'a Policy>,
    tool: Tool,
    run: Run,
    evidence: evidence::Desk,
    /// Bars of files that are on their way.
    #[cfg(feature = "net")]
    downloads: indicatif::MultiProgress,
}

pub(super) fn run(args: &RunArgs, ask: Ask) -> Result<Exit, Failure> {
    let several = args.subjects.len() > 1 || args.subjects.iter().any(|s| is_several(s));
    prepared(
        args,
        ask,
        || Reports::open(args, several),
        |job, inputs, reports| job.all(inputs, reports),
    )
}

/// The reports of all subjects, in order, instead of their renderings.
pub(super) fn reports_of(args: &RunArgs, ask: Ask) -> Result<Vec<Report>, Failure> {
    prepared(
        args,
        ask,
        || Ok(()),
        |job, inputs, ()| {
            let mut reports = Vec::new();
            for input in inputs {
                match job.one(input) {
                    Done::Report(report) => reports.push(*report),
                    Done::PassedOver => {}
                    Done::Failed(error) => return Err(Failure::usage(error)),
                }
            }
            Ok(reports)
        },
    )
}

/// Loads what a run rests on, opens where it goes, and does `work`.
fn prepared<S, R>(
    args: &RunArgs,
    ask: Ask,
    open: impl FnOnce() -> Result<S, Failure>,
    work: impl FnOnce(&Job<'_>, &[Input], S) -> Result<R, Failure>,
) -> Result<R, Failure> {
    let settings = setup::settings(args.config.as_deref(), args.no_config)?;
    let mut setup = Setup::load(args.at, &args.trust_roots, settings, &args.kept)?;
    setup.read_catalogs(&args.catalogs)?;
    setup.networks = geo::networks(&args.geo, args.kept.folder().as_deref())?;
    let policy = match ask {
        Ask::Verdict => Some(setup.policy(args.policy.as_deref())?),
        Ask::Facts => None,
    };
    if let Some(jobs) = args.jobs {
        // Members of one file are examined in parallel too; a pool that stands already is one of an earlier call.
        let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs.get());
        let _ = pool.build_global();
    }
    let evidence = evidence::Desk::open(args)?;
    if args.record.is_some() && !args.online && !args.subjects.iter().any(|s| is_remote(s)) {
        return Err(Failure::usage(anyhow!(
            "--record writes what the network answers, and nothing asks it; give --online too"
        )));
    }
    let sink = open()?;
    // The first interrupt ends the run in order; a second one, where that takes too long, at once.
    #[expect(clippy::exit, reason = "the user asked twice")]
    let _ = ctrlc::set_handler(|| {
        if INTERRUPTED.swap(true, Ordering::Relaxed) {
            std::process::exit(Exit::Interrupted.code().into());
        }
    });
    let inputs = subjects::collect(args, &evidence, &Interruptible(Stopwatch::start()))?;
    let tool = setup.tool(&setup.context(args, evidence.given()));
    let fetches = args.replay.is_none() && args.subjects.iter().any(|s| is_remote(s));
    let run = setup.run(args, policy.as_ref(), fetches);
    let job = Job {
        args,
        setup: &setup,
        policy: policy.as_ref(),
        tool,
        run,
        evidence,
        #[cfg(feature = "net")]
        downloads: downloads(args),
    };
    let done = work(&job, &inputs, sink)?;
    job.evidence.record(args)?;
    Ok(done)
}

/// What came of one input.
enum Done {
    Report(Box<Report>),
    /// Met in a directory and of no known format.
    PassedOver,
    /// The policy could not be evaluated.
    Failed(crate::policy::Error),
}

impl Job<'_> {
    fn all(&self, inputs: &[Input], mut reports: Reports) -> Result<Exit, Failure> {
        let jobs = self
            .args
            .jobs
            .or_else(|| std::thread::available_parallelism().ok())
            .map_or(1, |n| n.get());
        let progress = progress(self.args, inputs.len());
        let next = AtomicUsize::new(0);
        let window = (Mutex::new(0usize), Condvar::new());
        let (send, receive) = mpsc::channel();
        let mut exit = Exit::Done;
        let mut passed_over = 0usize;
        let mut reported = 0usize;
        let written: Result<(), Failure> = std::thread::scope(|scope| {
            for _ in 0..jobs.min(inputs.len()) {
                let (send, next, window) = (send.clone(), &next, &window);
                scope.spawn(move || self.work(inputs, next, window, &send));
            }
            drop(send);
            let mut waiting = BTreeMap::new();
            let mut turn = 0usize;
            let mut result = Ok(());
            for (index, done) in receive {
                waiting.insert(index, done);
                while let Some(done) = waiting.remove(&turn) {
                    turn = turn.saturating_add(1);
                    progress.inc(1);
                    match done {
                        Done::PassedOver => {
                            passed_over = passed_over.saturating_add(1);
                            reports.passed_over();
                        }
                        Done::Failed(error) => result = Err(Failure::usage(error)),
                        Done::Report(report) => {
                            reported = reported.saturating_add(1);
                            exit = exit.worst(exit_of(&report, self.args.fail_on));
                            if let Err(error) = self.quietly(&progress, || reports.add(&report)) {
                                result = Err(error.into());
                            }
                        }
                    }
                }
                *window.0.lock().unwrap_or_else(PoisonError::into_inner) = turn;
                window.1.notify_all();
                if result.is_err() {
                    next.store(inputs.len(), Ordering::Relaxed);
                    *window.0.lock().unwrap_or_else(PoisonError::into_inner) = usize::MAX;
                    window.1.notify_all();
                    break;
                }
            }
            result
        });
        progress.finish_and_clear();
        written?;
        let interrupted = INTERRUPTED.load(Ordering::Relaxed);
        reports.finish(interrupted)?;
        if interrupted {
            complain("interrupted");
            return Ok(Exit::Interrupted);
        }
        if passed_over > 0 && !self.args.quiet {
            complain(&format!(
                "{passed_over} of no known format, or no regular file, passed over"
            ));
        }
        if reported == 0 {
            complain("nothing of a known format to examine");
            exit = Exit::Input;
        }
        Ok(exit)
    }

    fn work(
        &self,
        inputs: &[Input],
        next: &AtomicUsize,
        window: &(Mutex<usize>, Condvar),
        send: &mpsc::Sender<(usize, Done)>,
    ) {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(input) = inputs.get(index) else {
                return;
            };
            let mut turn = window.0.lock().unwrap_or_else(PoisonError::into_inner);
            while index >= turn.saturating_add(WINDOW) {
                if INTERRUPTED.load(Ordering::Relaxed) {
                    return;
                }
                // An interrupted worker leaves its turn open for good, so nobody waits for one without looking up.
                let waited = window.1.wait_timeout(turn, LOOK_UP);
                turn = waited.unwrap_or_else(PoisonError::into_inner).0;
            }
            drop(turn);
            if INTERRUPTED.load(Ordering::Relaxed) {
                return;
            }
            // A fault in one file must not take the others with it; it is reported as a fault, never as a verdict.
            let done = catch_unwind(AssertUnwindSafe(|| self.one(input))).unwrap_or_else(|_| {
                let message = "the program failed on this file; please report it";
                self.fault(&input.path, ErrorKind::Internal, "internal", message)
            });
            if INTERRUPTED.load(Ordering::Relaxed) || send.send((index, done)).is_err() {
                return;
            }
        }
    }

    fn one(&self, input: &Input) -> Done {
        let blob = match &input.kind {
            Kind::Named(path) | Kind::Met(path) => FileBlob::open(path).map_err(|e| reason(&e)),
            Kind::Stdin => FileBlob::spool(&mut std::io::stdin().lock(), self.args.max_size)
                .map_err(|e| reason(&e)),
            Kind::Skipped => return Done::PassedOver,
            Kind::Unreadable(why) => Err(why.clone()),
            #[cfg(feature = "net")]
            Kind::NotFound(error) => {
                return self.finish(&input.path, &Examined::failed(&input.path, error.clone()));
            }
            #[cfg(feature = "net")]
            Kind::Remote(remote) => return self.remote(&input.path, remote),
        };
        let examined = match blob {
            Err(message) => unreadable(&input.path, "io", message),
            Ok(blob) => self.examine(&input.path, blob),
        };
        let unknown = examined
            .error()
            .is_some_and(|e| e.kind == ErrorKind::Unsupported);
        if unknown && matches!(input.kind, Kind::Met(_)) {
            return Done::PassedOver;
        }
        self.finish(&input.path, &examined)
    }

    /// Writes a report while no bar stands in its way.
    fn quietly<R>(&self, progress: &indicatif::ProgressBar, write: impl FnOnce() -> R) -> R {
        #[cfg(feature = "net")]
        return self.downloads.suspend(|| progress.suspend(write));
        #[cfg(not(feature = "net"))]
        progress.suspend(write)
    }

    fn examine(&self, path: &str, blob: FileBlob) -> Examined {
        let clock = Interruptible(Stopwatch::start());
        let limits = Limits {
            max_size: self.args.max_size,
            max_depth: self.args.max_depth,
            max_members: self.args.max_members,
            max_decoded: self.args.max_decoded,
            timeout: Duration::from_secs(self.args.timeout),
        };
        let options = Options {
            budget: &Budget::start(limits, &clock),
            spool: &Spooled,
            catalogs: !self.setup.catalogs.is_empty(),
        };
        let blob = Arc::new(blob);
        let shared: Arc<dyn ReadAt> = Arc::<FileBlob>::clone(&blob);
        let examined = pipeline::examine(path, &shared, &options);
        if blob.changed() {
            let message = "the file changed while it was read".into();
            return unreadable(path, "changed-during-scan", message);
        }
        examined
    }

    /// Fetches a file and examines it as if it had been named.
    #[cfg(feature = "net")]
    fn remote(&self, path: &str, remote: &RemoteFile) -> Done {
        let clock = Interruptible(Stopwatch::start());
        let deadline = Deadline::start(DOWNLOAD_TIME, &clock);
        let bar = self.downloads.add(download_bar(&remote.name));
        let fetched = remote.fetch(
            &self.evidence.wire,
            self.args.max_size,
            &deadline,
            &|done, total| {
                bar.set_length(total.unwrap_or(done));
                bar.set_position(done);
            },
        );
        bar.finish_and_clear();
        match fetched {
            Ok(fetched) => {
                let examined = self.examine(path, fetched.file);
                self.finish(path, &examined.with_origin(fetched.origin))
            }
            Err(error) => {
                let failed = Examined::failed(path, error.to_subject_error());
                self.finish(path, &failed.with_origin(remote.origin.clone()))
            }
        }
    }

    fn finish(&self, path: &str, examined: &Examined) -> Done {
        let given = self.evidence.given();
        let mut analysis = pipeline::judge(examined, &self.setup.context(self.args, given));
        let mut asked = evidence::Asked::default();
        for _ in 0..ROUNDS {
            if INTERRUPTED.load(Ordering::Relaxed) {
                break;
            }
            let Some(more) = self.evidence.gather(&analysis, &mut asked) else {
                break;
            };
            let issuers = more.issuers(&self.setup.store);
            let context = pipeline::Context {
                issuers: &issuers,
                ..self.setup.context(self.args, &more.revocation)
            };
            analysis = pipeline::judge(examined, &context);
        }
        #[cfg(feature = "net")]
        let analysis = self.about_hosts(examined, analysis, &asked);
        let now = self.setup.now;
        match pipeline::report(&analysis, &self.tool, &self.run, self.policy, now) {
            Ok(report) => Done::Report(Box::new(report)),
            // Its limits are spent by what is in the file, so it is that file which has no verdict.
            Err(error @ crate::policy::Error::Evaluation { .. }) => self.fault(
                path,
                ErrorKind::Limit,
                "policy-evaluation",
                &error.to_string(),
            ),
            Err(error) => Done::Failed(error),
        }
    }

    /// Asks about the hosts that updates come from, and judges once more with what they answered.
    #[cfg(feature = "net")]
    fn about_hosts(
        &self,
        examined: &Examined,
        analysis: Analysis,
        asked: &evidence::Asked,
    ) -> Analysis {
        let hosts = pipeline::worth_asking(&analysis);
        if hosts.is_empty() || self.evidence.is_silent() || INTERRUPTED.load(Ordering::Relaxed) {
            return analysis;
        }
        let timeout = Duration::from_secs(HOST_TIME);
        let Ok(inquirer) = Inquirer::open(&self.evidence.wire, None, Asks::default(), timeout)
        else {
            return analysis;
        };
        let found: BTreeMap<Host, Lookups> = hosts
            .into_iter()
            .filter_map(|host| Some((host.clone(), inquirer.host(&host, None)?)))
            .collect();
        if found.is_empty() {
            return analysis;
        }
        let gathered = self.evidence.gathered(asked);
        let issuers = gathered.issuers(&self.setup.store);
        let context = pipeline::Context {
            issuers: &issuers,
            infrastructure: Some(Infrastructure {
                networks: &self.setup.networks,
                lookups: &found,
            }),
            ..self.setup.context(self.args, &gathered.revocation)
        };
        pipeline::judge(examined, &context)
    }

    /// The report of a file on which something failed: an error and no verdict.
    fn fault(&self, path: &str, kind: ErrorKind, reason: &str, message: &str) -> Done {
        let error = SubjectError {
            kind,
            reason: reason.into(),
            message: message.into(),
        };
        let examined = Examined::failed(path, error);
        let given = self.evidence.given();
        let analysis = pipeline::judge(&examined, &self.setup.context(self.args, given));
        match pipeline::report(&analysis, &self.tool, &self.run, None, self.setup.now) {
            Ok(report) => Done::Report(Box::new(report)),
            Err(error) => Done::Failed(error),
        }
    }
}

fn unreadable(path: &str, reason: &str, message: String) -> Examined {
    Examined::failed(
        path,
        SubjectError {
            kind: ErrorKind::Unreadable,
            reason: reason.into(),
            message,
        },
    )
}

pub(super) fn exit_of(report: &Report, fail_on: FailOn) -> Exit {
    let error = match report.error.as_ref().map(|e| e.kind) {
        None => Exit::Done,
        Some(ErrorWord::Internal) => Exit::Internal,
        Some(ErrorWord::Unavailable) => Exit::Unavailable,
        Some(
            ErrorWord::Unreadable
            | ErrorWord::Malformed
            | ErrorWord::Unsupported
            | ErrorWord::Limit,
        ) => Exit::Input,
    };
    let verdict = match report.verdict.as_ref().map(|v| v.result) {
        None | Some(Decision::Allow) => Exit::Done,
        Some(Decision::Review) => match fail_on {
            FailOn::Review => Exit::Review,
            FailOn::Deny | FailOn::Never => Exit::Done,
        },
        Some(Decision::Deny) => match fail_on {
            FailOn::Review | FailOn::Deny if about_signature(report) => Exit::Signature,
            FailOn::Review | FailOn::Deny => Exit::Deny,
            FailOn::Never => Exit::Done,
        },
    };
    error.worst(verdict)
}

/// One of the reasons is a signature that is missing or does not hold.
fn about_signature(report: &Report) -> bool {
    let reasons = report.verdict.iter().flat_map(|v| &v.reasons);
    reasons
        .filter_map(|instance| report.findings.iter().find(|f| &f.instance == instance))
        .any(|f| SIGNATURE_REASONS.iter().any(|d| d.id == f.id))
}

#[cfg(feature = "net")]
fn downloads(args: &RunArgs) -> indicatif::MultiProgress {
    let target = if args.quiet {
        indicatif::ProgressDrawTarget::hidden()
    } else {
        // Draws only where that is a terminal.
        indicatif::ProgressDrawTarget::stderr()
    };
    indicatif::MultiProgress::with_draw_target(target)
}

#[cfg(feature = "net")]
fn download_bar(name: &str) -> indicatif::ProgressBar {
    let style = indicatif::ProgressStyle::with_template("{msg} {bytes}/{total_bytes} {wide_bar}");
    let bar = indicatif::ProgressBar::new(0).with_message(shown(name));
    match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

fn progress(args: &RunArgs, inputs: usize) -> indicatif::ProgressBar {
    if args.quiet || inputs < 2 {
        return indicatif::ProgressBar::hidden();
    }
    let len = u64::try_from(inputs).unwrap_or(u64::MAX);
    // Draws on standard error, and only where that is a terminal.
    indicatif::ProgressBar::new(len)
}
