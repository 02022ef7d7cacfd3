//! `host`: what is known of hosts by name, address or URL.

use std::collections::BTreeMap;
use std::path::PathBuf;
#[cfg(feature = "net")]
use std::time::Duration;

use anyhow::anyhow;

use crate::cli::args::{HostArgs, RunArgs};
use crate::cli::exit::Exit;
#[cfg(feature = "net")]
use crate::cli::lookups::{Asks, Inquirer};
use crate::cli::output::Reports;
use crate::cli::setup::Setup;
use crate::cli::{Failure, evidence, geo};
use crate::format::endpoints;
use crate::jurisdiction::network::Lookups;
use crate::model::endpoint::Host;
use crate::pipeline::{self, Context, Infrastructure};
use crate::policy::Settings;

pub(super) fn run(args: &HostArgs) -> Result<Exit, Failure> {
    let run = as_run(args);
    let mut hosts: Vec<(&str, Host, Option<u16>)> = Vec::new();
    for typed in &args.hosts {
        let (host, port) = endpoints::named(typed)
            .ok_or_else(|| Failure::usage(anyhow!("`{typed}` names no host, address or URL")))?;
        hosts.push((typed, host, port));
    }
    if args.record.is_some() && !args.online {
        return Err(Failure::usage(anyhow!(
            "--record writes what the network answers, and nothing asks it; give --online too"
        )));
    }
    let mut setup = Setup::load(args.at, &[], Settings::default(), &args.kept)?;
    setup.networks = geo::networks(&args.geo, args.kept.folder().as_deref())?;
    let desk = evidence::Desk::open(&run)?;
    let mut reports = Reports::open(&run, hosts.len() > 1)?;
    let lookups = lookups(&hosts, args, &desk)?;
    let context = Context {
        infrastructure: Some(Infrastructure {
            networks: &setup.networks,
            lookups: &lookups,
        }),
        ..setup.context(&run, desk.given())
    };
    let tool = setup.tool(&context);
    let about = setup.run(&run, None, false);
    for (typed, host, _) in &hosts {
        let analysis = pipeline::host(typed, host, &context);
        let report =
            pipeline::report(&analysis, &tool, &about, None, setup.now).map_err(Failure::usage)?;
        reports.add(&report)?;
    }
    reports.finish(false)?;
    desk.record(&run)?;
    Ok(Exit::Done)
}

#[cfg(not(feature = "net"))]
fn lookups(
    _: &[(&str, Host, Option<u16>)],
    _: &HostArgs,
    _: &evidence::Desk,
) -> Result<BTreeMap<Host, Lookups>, Failure> {
    Ok(BTreeMap::new())
}

#[cfg(feature = "net")]
fn lookups(
    hosts: &[(&str, Host, Option<u16>)],
    args: &HostArgs,
    desk: &evidence::Desk,
) -> Result<BTreeMap<Host, Lookups>, Failure> {
    let mut found = BTreeMap::new();
    if desk.is_silent() {
        return Ok(found);
    }
    let timeout = Duration::from_secs(args.timeout);
    let asks = Asks {
        tls: !args.no_tls,
        rdap: !args.no_rdap,
        private: args.allow_private,
    };
    let inquirer =
        Inquirer::open(&desk.wire, args.resolver, asks, timeout).map_err(|why| Failure {
            exit: Exit::Unavailable,
            error: anyhow!("{why}"),
        })?;
    for (_, host, port) in hosts {
        if !found.contains_key(host)
            && let Some(lookups) = inquirer.host(host, *port)
        {
            found.insert(host.clone(), lookups);
        }
    }
    Ok(found)
}

/// What verbs that judge files are told, as far as it is the same here.
fn as_run(args: &HostArgs) -> RunArgs {
    RunArgs {
        subjects: args.hosts.iter().map(PathBuf::from).collect(),
        formats: args.formats.clone(),
        output: args.output.clone(),
        verbose: args.verbose,
        quiet: args.quiet,
        color: args.color,
        at: args.at,
        geo: args.geo.clone(),
        kept: args.kept.clone(),
        online: args.online,
        record: args.record.clone(),
        replay: args.replay.clone(),
        timeout: args.timeout,
        ..RunArgs::plain()
    }
}
