//! `channel diff`: two bundles or copies of one channel, as two times or as two vantages.

use std::path::Path;

use anyhow::anyhow;

use super::{collected, target};
use crate::base::text::shown;
use crate::base::time::Time;
use crate::channel::compare::{ChangeKind, changes};
use crate::channel::{self, Dialect, Judged};
use crate::cli::Failure;
use crate::cli::args::{ChannelAsk, ChannelDiffArgs};
use crate::cli::exit::Exit;
use crate::cli::output::print;
use crate::source::clock;

pub(super) fn run(args: &ChannelDiffArgs) -> Result<Exit, Failure> {
    let at = args.at.unwrap_or_else(clock::now);
    let (dialect, before) = judged(&args.before, &args.ask, at)?;
    let (other, after) = judged(&args.after, &args.ask, at)?;
    if dialect.card().kind != other.card().kind {
        return Err(Failure::usage(anyhow!("the two are of different kinds")));
    }
    let mut exit = Exit::Done;
    for change in changes(dialect, &before, &after) {
        // At one time there is no progress: what the one is served and the other is not is a split view.
        let split = args.vantages && change.kind != ChangeKind::Host;
        let word = if split {
            "split-view"
        } else {
            change.kind.name()
        };
        exit = exit.worst(if split || change.kind.is_grave() {
            Exit::Deny
        } else if change.kind == ChangeKind::Progress {
            Exit::Done
        } else {
            Exit::Review
        });
        print(&format!(
            "{word:<10}  {}\n            before  {}\n            after   {}\n",
            shown(&change.what),
            shown(&change.before),
            shown(&change.after)
        ))?;
    }
    Ok(exit)
}

fn judged(
    path: &Path,
    ask: &ChannelAsk,
    at: Time,
) -> Result<(&'static dyn Dialect, Judged), Failure> {
    let target = target::one(&path.to_string_lossy(), ask)?;
    let have = collected(&target, ask, None)?;
    let judged = channel::judge(target.dialect, &target.request, &have, None, at);
    let judged = judged.map_err(|e| Failure {
        exit: Exit::Input,
        error: anyhow!("{}: {e}", path.display()),
    })?;
    Ok((target.dialect, judged))
}
