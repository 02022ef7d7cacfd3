//! `channel`: check, discover, collect and compare update channels.

mod anchors;
mod check;
mod diff;
mod discover;
mod target;

use std::time::Duration;

use crate::channel::Dialect;
use crate::cli::Failure;
use crate::cli::args::{ChannelArgs, ChannelAsk, ChannelCollectArgs, ChannelVerb};
use crate::cli::exit::Exit;
use crate::cli::output::{complain, print};
use crate::model::channel::FetchOutcome;
use crate::model::collection::{Collected, Collection};
use crate::source::clock::Stopwatch;
use crate::source::collect::bundle::{self, Head, Writer};
use crate::source::collect::{Limits, run as gather};

use target::{Place, Target};

pub(super) fn run(args: &ChannelArgs) -> Result<Exit, Failure> {
    match &args.verb {
        ChannelVerb::Check(args) => check::run(args),
        ChannelVerb::Discover(args) => discover::run(args),
        ChannelVerb::Collect(args) => collect(args),
        ChannelVerb::Diff(args) => diff::run(args),
    }
}

fn unavailable(error: impl Into<anyhow::Error>) -> Failure {
    Failure {
        exit: Exit::Unavailable,
        error: error.into(),
    }
}

fn of_bundle(error: bundle::Error) -> Failure {
    let exit = match &error {
        bundle::Error::Taken => Exit::Usage,
        bundle::Error::Io(_)
        | bundle::Error::Form(_)
        | bundle::Error::Digest(_)
        | bundle::Error::Partial => Exit::Input,
    };
    Failure {
        exit,
        error: error.into(),
    }
}

fn collect(args: &ChannelCollectArgs) -> Result<Exit, Failure> {
    let target = target::one(&args.target, &args.ask)?;
    let have = collected(&target, &args.ask, Some(&args.output))?;
    let whole = |c: &&Collected| c.fetch.outcome == FetchOutcome::Whole;
    let came = have.all.iter().filter(whole).count();
    print(&format!(
        "{} of {} answers came, {} bytes, in {}\n",
        came,
        have.all.len(),
        have.all.iter().map(|c| c.fetch.size).sum::<u64>(),
        args.output.display()
    ))?;
    for gap in &have.gaps {
        complain(&format!("not asked for: {}: {}", gap.what, gap.why));
    }
    Ok(if have.gaps.is_empty() && came > 0 {
        Exit::Done
    } else {
        Exit::Unavailable
    })
}

/// Everything that the target's dialect wants; kept in the directory `record`, too.
fn collected(
    target: &Target,
    ask: &ChannelAsk,
    record: Option<&std::path::Path>,
) -> Result<Collection, Failure> {
    if let Place::Recorded(have) = &target.place {
        return Ok(have.clone());
    }
    let mut writer = None;
    let mut have = Collection::default();
    if let Some(dir) = record {
        let head = head(target);
        let (opened, at_hand) = Writer::open(dir, &head).map_err(of_bundle)?;
        writer = Some(opened);
        have = at_hand;
    }
    let limits = Limits {
        documents: ask.max_documents,
        bytes: ask.max_bytes,
        all: Duration::from_secs(ask.timeout),
        ..Limits::default()
    };
    let asker = target.asker(ask)?;
    let dialect: &dyn Dialect = target.dialect;
    let clock = Stopwatch::start();
    let have = gather(
        asker.as_ref(),
        &mut |have| dialect.wants(&target.request, have),
        &limits,
        &clock,
        have,
        &mut |found| match &mut writer {
            Some(writer) => writer.keep(found),
            None => Ok(()),
        },
    )?;
    if let Some(writer) = writer {
        writer.finish(&have)?;
    }
    Ok(have)
}

fn head(target: &Target) -> Head {
    Head {
        kind: target.dialect.card().kind.to_owned(),
        target: target.request.target.clone(),
        products: target.request.products.clone(),
        options: target.request.options.clone(),
    }
}
