//! Where reports go: standard output or files, in one or several formats; diagnostics on standard error.

use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;

use anyhow::anyhow;

use crate::base::text::shown;
use crate::cli::Failure;
use crate::cli::args::{Colour, RunArgs};
use crate::report::json::Report;
use crate::report::{self, Renderer, Style, Summary};
use crate::source::output::Pending;

/// One line on standard error; what a file put into it is made safe.
#[expect(clippy::print_stderr, reason = "the one place that writes diagnostics")]
pub(super) fn complain(message: &str) {
    for line in message.lines() {
        eprintln!("bonafide: {}", shown(line));
    }
}

/// Writes text to standard output.
pub(super) fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// Writes to standard output through `write`.
pub(super) fn print_with(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    write(&mut out)?;
    out.flush()
}

struct Sink {
    renderer: &'static dyn Renderer,
    style: Style,
    to: To,
}

enum To {
    Terminal(io::BufWriter<io::Stdout>),
    File(Pending),
    Nowhere,
}

/// All formats of one run. Nothing is at a file's path until [`Reports::finish`].
pub(super) struct Reports {
    sinks: Vec<Sink>,
    summary: Summary,
}

impl Reports {
    /// Opens what the arguments ask for; text on standard output where they ask for nothing.
    pub(super) fn open(args: &RunArgs, several: bool) -> Result<Self, Failure> {
        let mut wanted: Vec<(&str, Option<PathBuf>)> = args
            .formats
            .iter()
            .map(|f| match f.split_once('=') {
                Some((id, file)) => (id, Some(PathBuf::from(file))),
                None => (f.as_str(), None),
            })
            .collect();
        if wanted.iter().all(|(_, file)| file.is_some()) && args.output.is_some()
            || wanted.is_empty()
        {
            wanted.insert(0, ("text", None));
        }
        if wanted.iter().filter(|(_, file)| file.is_none()).count() > 1 {
            return Err(Failure::usage(anyhow!(
                "only one format can go to one place; write the others as FORMAT=FILE"
            )));
        }
        let mut sinks = Vec::new();
        for (id, file) in wanted {
            let renderer = report::find(id).ok_or_else(|| {
                let known: Vec<&str> = report::ALL.iter().map(|r| r.id()).collect();
                Failure::usage(anyhow!(
                    "no report format `{id}`; there are {}",
                    known.join(", ")
                ))
            })?;
            let to = match file.or_else(|| args.output.clone()) {
                Some(path) => To::File(Pending::create(&path)?),
                None if args.quiet => To::Nowhere,
                None => To::Terminal(io::BufWriter::new(io::stdout())),
            };
            let colour = match to {
                To::Terminal(_) => colour(args.color),
                To::File(_) | To::Nowhere => false,
            };
            sinks.push(Sink {
                renderer,
                style: Style {
                    colour,
                    verbosity: args.verbose,
                    several,
                    only_findings: args.only_findings,
                    depth: args.depth,
                },
                to,
            });
        }
        Ok(Self {
            sinks,
            summary: Summary::default(),
        })
    }

    /// Counts a file that was met in a directory and is of no known format.
    pub(super) fn passed_over(&mut self) {
        self.summary.passed_over = self.summary.passed_over.saturating_add(1);
    }

    /// Writes one report everywhere.
    pub(super) fn add(&mut self, report: &Report) -> io::Result<()> {
        self.summary.add(report);
        for sink in &mut self.sinks {
            let style = sink.style;
            match &mut sink.to {
                To::Terminal(out) => {
                    let written = sink.renderer.render(report, out, &style);
                    let written = written.and_then(|()| out.flush());
                    if reader_left(written)? {
                        sink.to = To::Nowhere;
                    }
                }
                To::File(out) => sink.renderer.render(report, out, &style)?,
                To::Nowhere => {}
            }
        }
        Ok(())
    }

    /// Writes what follows the last report and puts files in their place; an interrupted run leaves no file.
    pub(super) fn finish(mut self, interrupted: bool) -> io::Result<()> {
        self.summary.interrupted = interrupted;
        for sink in &mut self.sinks {
            let style = sink.style;
            match &mut sink.to {
                To::Terminal(out) => {
                    let written = sink.renderer.finish(&self.summary, out, &style);
                    reader_left(written.and_then(|()| out.flush()))?;
                }
                To::File(out) => sink.renderer.finish(&self.summary, out, &style)?,
                To::Nowhere => {}
            }
        }
        if interrupted {
            return Ok(());
        }
        for sink in self.sinks {
            if let To::File(pending) = sink.to {
                pending.commit()?;
            }
        }
        Ok(())
    }
}

/// Whoever reads standard output may stop reading; judging goes on, because the exit code is the verdict.
fn reader_left(written: io::Result<()>) -> io::Result<bool> {
    match written {
        Ok(()) => Ok(false),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(true),
        Err(error) => Err(error),
    }
}

fn colour(when: Colour) -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|v| !v.is_empty());
    match when {
        Colour::Always => true,
        Colour::Never => false,
        Colour::Auto => {
            let forced =
                std::env::var_os("CLICOLOR_FORCE").is_some_and(|v| !v.is_empty() && v != "0");
            let dumb = std::env::var_os("TERM").is_some_and(|t| t == "dumb");
            !set("NO_COLOR") && (forced || (io::stdout().is_terminal() && !dumb))
        }
    }
}
