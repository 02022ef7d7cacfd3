//! `channel check`: collect, read, judge, report; the exit code is the verdict.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::anyhow;

use super::target::Target;
use super::{collected, head, target};
use crate::base::blob::ReadAt;
use crate::base::budget::{Budget, Limits};
use crate::base::text::shown;
use crate::base::time::Time;
use crate::channel::{self, Judged, Request};
use crate::cli::args::{ChannelAsk, ChannelCheckArgs, RunArgs};
use crate::cli::exit::Exit;
use crate::cli::output::Reports;
use crate::cli::run::exit_of;
use crate::cli::setup::{self, Setup};
use crate::cli::{Failure, evidence, geo};
use crate::model::analysis::Analysis;
use crate::model::channel::{Channel, CheckStatus, ClientDecision};
use crate::model::collection::Collection;
#[cfg(feature = "net")]
use crate::pipeline::Infrastructure;
use crate::pipeline::{self, Context, Offered, Options};
use crate::policy::Policy;
use crate::report::json::{Report, Run, Tool};
use crate::source::clock::{self, Stopwatch};
use crate::source::collect::bundle;
use crate::source::file::Spooled;
use crate::source::output;

/// Collections of one history that are looked through for the newest.
const MAX_HISTORY: usize = 100_000;

pub(super) fn run(args: &ChannelCheckArgs) -> Result<Exit, Failure> {
    let as_run = as_run(args);
    let targets = target::open(&args.target, &args.ask)?;
    if targets.len() > 1 && args.record.is_some() {
        return Err(Failure::usage(anyhow!(
            "{} names several channels, and a bundle holds one",
            args.target
        )));
    }
    let settings = setup::settings(args.config.as_deref(), args.no_config)?;
    let mut setup = Setup::load(args.at, &[], settings, &args.kept)?;
    setup.networks = geo::networks(&args.geo, args.kept.folder().as_deref())?;
    let policy = setup.policy(args.policy.as_deref())?;
    let desk = evidence::Desk::open(&as_run)?;
    let mut reports = Reports::open(&as_run, targets.len() > 1)?;
    let job = Job {
        args,
        setup: &setup,
        policy: &policy,
        tool: setup.tool(&setup.context(&as_run, desk.given())),
        run: setup.run(&as_run, Some(&policy), true),
        as_run: &as_run,
        desk: &desk,
    };
    let mut exit = Exit::Done;
    for target in &targets {
        let report = job.one(target)?;
        exit = exit.worst(exit_of(&report, args.fail_on));
        reports.add(&report)?;
    }
    reports.finish(false)?;
    Ok(exit)
}

struct Job<'a> {
    args: &'a ChannelCheckArgs,
    setup: &'a Setup,
    policy: &'a Policy,
    tool: Tool,
    run: Run,
    as_run: &'a RunArgs,
    desk: &'a evidence::Desk,
}

impl Job<'_> {
    fn one(&self, target: &Target) -> Result<Report, Failure> {
        let now = self.setup.now;
        let (record, before) = match (&self.args.history, &self.args.before) {
            (Some(dir), _) => (Some(next_of(dir)), newest_of(dir, target, now)?),
            (None, Some(path)) => {
                let earlier = read_earlier(path, target, &self.args.ask, now)?;
                (self.args.record.clone(), Some(earlier))
            }
            (None, None) => (self.args.record.clone(), None),
        };
        let kept = record.as_deref().filter(|_| self.args.history.is_some());
        // Until it is judged, and where that breaks off, it is nothing that a later check may rest on.
        if let Some(dir) = kept {
            stand(dir, &["not judged".to_owned()])?;
        }
        let have = collected(target, &self.args.ask, record.as_deref())?;
        let judged = channel::judge(target.dialect, &target.request, &have, before.as_ref(), now);
        if let Some(dir) = kept {
            stand(dir, &against(judged.as_ref()))?;
        }
        let offered = match &judged {
            Ok(judged) => offered(&judged.channel, &have),
            Err(_) => Vec::new(),
        };
        let context = self.setup.context(self.as_run, self.desk.given());
        let mut analysis = pipeline::channel(&target.named, judged.as_ref(), &offered, &context);
        if self.args.online {
            analysis = self.about_hosts(analysis, |context| {
                pipeline::channel(&target.named, judged.as_ref(), &offered, context)
            });
        }
        pipeline::channel_report(
            &analysis,
            judged.as_ref().ok(),
            &self.tool,
            &self.run,
            Some(self.policy),
            now,
        )
        .map_err(Failure::usage)
    }

    /// Judges once more with what was answered about the hosts.
    #[cfg(feature = "net")]
    fn about_hosts(
        &self,
        analysis: Analysis,
        again: impl Fn(&Context<'_>) -> Analysis,
    ) -> Analysis {
        use crate::cli::lookups::{Asks, Inquirer};
        let timeout = std::time::Duration::from_secs(30);
        let asks = Asks {
            private: self.args.ask.allow_private,
            ..Asks::default()
        };
        let Ok(inquirer) = Inquirer::open(&self.desk.wire, None, asks, timeout) else {
            return analysis;
        };
        let found: std::collections::BTreeMap<_, _> = pipeline::worth_asking(&analysis)
            .into_iter()
            .filter_map(|host| Some((host.clone(), inquirer.host(&host, None)?)))
            .collect();
        if found.is_empty() {
            return analysis;
        }
        again(&Context {
            infrastructure: Some(Infrastructure {
                networks: &self.setup.networks,
                lookups: &found,
            }),
            ..self.setup.context(self.as_run, self.desk.given())
        })
    }

    #[cfg(not(feature = "net"))]
    fn about_hosts(&self, analysis: Analysis, _: impl Fn(&Context<'_>) -> Analysis) -> Analysis {
        analysis
    }
}

/// The artifacts that came, examined like any file.
fn offered(channel: &Channel, have: &Collection) -> Vec<Offered> {
    let clock = Stopwatch::start();
    let mut out = Vec::new();
    for artifact in &channel.artifacts {
        let body = artifact
            .fetch
            .and_then(|i| have.all.get(i))
            .and_then(|c| c.body.as_ref());
        let Some(body) = body else { continue };
        let budget = Budget::start(Limits::default(), &clock);
        let options = Options {
            budget: &budget,
            spool: &Spooled,
            catalogs: false,
        };
        let body: Arc<dyn ReadAt> = Arc::clone(body);
        out.push(Offered {
            name: artifact.name.clone(),
            examined: pipeline::examine(&artifact.name, &body, &options),
        });
    }
    out
}

/// The same channel as an earlier bundle or copy has it.
pub(super) fn read_earlier(
    path: &Path,
    target: &Target,
    ask: &ChannelAsk,
    at: Time,
) -> Result<Channel, Failure> {
    let mut earlier = target::one(&path.to_string_lossy(), ask)?;
    if earlier.dialect.card().kind != target.dialect.card().kind {
        return Err(Failure::usage(anyhow!(
            "{} is of another kind: {}",
            path.display(),
            earlier.dialect.card().kind
        )));
    }
    earlier.request.anchors.clone_from(&target.request.anchors);
    let have = collected(&earlier, ask, None)?;
    earlier
        .dialect
        .read(&earlier.request, &have, at)
        .map_err(|e| Failure {
            exit: Exit::Input,
            error: anyhow!("{}: {e}", path.display()),
        })
}

/// A new folder of a history; names sort by time.
fn next_of(dir: &Path) -> PathBuf {
    let now = crate::base::time::rfc3339(clock::now()).replace(':', "");
    let first = dir.join(&now);
    if !first.exists() {
        return first;
    }
    let mut numbered = (2..MAX_HISTORY).map(|n| dir.join(format!("{now}.{n}")));
    numbered.find(|p| !p.exists()).unwrap_or(first)
}

/// Beside a bundle of a history: why no later check may rest on it.
const STANDING: &str = "standing.txt";

/// Checks that fail where what came is not what the publisher serves now.
const DECISIVE: [&str; 3] = ["A2", "F5", "O4"];

/// What speaks against taking this for the state that later ones are compared with.
fn against(judged: Result<&Judged, &channel::Error>) -> Vec<String> {
    let judged = match judged {
        Ok(judged) => judged,
        Err(error) => return vec![error.to_string()],
    };
    let mut why = match judged.client.decision {
        ClientDecision::Rejects | ClientDecision::KeepsOld => judged.client.reasons.clone(),
        ClientDecision::Accepts | ClientDecision::Unknown => Vec::new(),
    };
    let failed = judged
        .card
        .iter()
        .filter(|s| DECISIVE.contains(&s.check.id) && s.status == CheckStatus::Fail);
    why.extend(failed.map(|s| format!("{}: {}", s.check.id, s.evidence)));
    why
}

/// Writes down what speaks against the bundle in `dir`, or that nothing does.
fn stand(dir: &Path, why: &[String]) -> Result<(), Failure> {
    std::fs::create_dir_all(dir)?;
    let path = dir.join(STANDING);
    if why.is_empty() {
        std::fs::remove_file(&path)?;
        return Ok(());
    }
    let mut text = String::new();
    for line in why {
        text.push_str(&format!("{}\n", shown(line)));
    }
    Ok(output::write(&path, text.as_bytes())?)
}

/// The newest whole bundle of this very channel that nothing speaks against, read.
fn newest_of(dir: &Path, target: &Target, at: Time) -> Result<Option<Channel>, Failure> {
    if !dir.is_dir() {
        return Ok(None);
    }
    let mut all: Vec<PathBuf> = std::fs::read_dir(dir)?
        .take(MAX_HISTORY)
        .filter_map(|e| e.ok().map(|e| e.path()))
        .filter(|p| bundle::is_bundle(p) && !p.join(STANDING).exists())
        .collect();
    all.sort();
    let wanted = head(target);
    while let Some(path) = all.pop() {
        // A collection that was broken off says nothing; one that was changed is no evidence and must be said.
        match bundle::read(&path) {
            Ok((head, have)) if head == wanted => {
                let request = Request {
                    files: target::files_of(&have),
                    ..target.request.clone()
                };
                // Of an outage nothing came that could be read, and an older state is still one.
                if let Ok(channel) = target.dialect.read(&request, &have, at) {
                    return Ok(Some(channel));
                }
            }
            Ok(_) | Err(bundle::Error::Partial) => {}
            Err(error) => return Err(super::of_bundle(error)),
        }
    }
    Ok(None)
}

/// What verbs that judge files are told, as far as it is the same here.
fn as_run(args: &ChannelCheckArgs) -> RunArgs {
    RunArgs {
        subjects: vec![PathBuf::from(&args.target)],
        formats: args.formats.clone(),
        output: args.output.clone(),
        verbose: args.verbose,
        quiet: args.quiet,
        color: args.color,
        at: args.at,
        online: args.online,
        allow_host: args.ask.allow_host.clone(),
        ..RunArgs::plain()
    }
}
