//! What is generated from the code itself: schema, completions, manual page.

use crate::cli::Failure;
use crate::cli::args::{CompletionsArgs, Document as Asked, SchemaArgs, command};
use crate::cli::exit::Exit;
use crate::cli::output::print;
use crate::report::json::schema::{Document, schema_of};

pub(super) fn schema(args: &SchemaArgs) -> Result<Exit, Failure> {
    let document = match args.document {
        Asked::Report => Document::Report,
        Asked::Diff => Document::Diff,
        Asked::Screening => Document::Screening,
    };
    let text = schema_of(document).map_err(|e| Failure {
        exit: Exit::Internal,
        error: e.into(),
    })?;
    print(&text)?;
    Ok(Exit::Done)
}

pub(super) fn completions(args: &CompletionsArgs) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command(), "bonafide", &mut script);
    print(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Done)
}

pub(super) fn man() -> Result<Exit, Failure> {
    let mut page = Vec::new();
    clap_mangen::Man::new(command()).render(&mut page)?;
    print(&String::from_utf8_lossy(&page))?;
    Ok(Exit::Done)
}
