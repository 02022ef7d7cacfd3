//! `explain`: what a finding means, from the same document that the site and other reports show.

use anyhow::anyhow;

use crate::cli::Failure;
use crate::cli::args::ExplainArgs;
use crate::cli::exit::Exit;
use crate::cli::output::print;
use crate::report::catalogue;

pub(super) fn run(args: &ExplainArgs) -> Result<Exit, Failure> {
    let Some(id) = &args.finding else {
        let mut lines: Vec<String> = catalogue::all()
            .map(|(_, d)| format!("{:<36} {:<9} {}\n", d.id, d.severity.name(), d.title))
            .collect();
        lines.sort();
        print(&lines.concat())?;
        return Ok(Exit::Done);
    };
    let Some(text) = catalogue::explain(id) else {
        let similar = catalogue::similar(id);
        let hint = if similar.is_empty() {
            String::new()
        } else {
            format!("; did you mean {}?", similar.join(", "))
        };
        return Err(Failure::usage(anyhow!("no finding is called `{id}`{hint}")));
    };
    print(&text)?;
    Ok(Exit::Done)
}
