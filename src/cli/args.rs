//! What can be typed.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args as ClapArgs, CommandFactory, Parser, Subcommand, ValueEnum};

use crate::base::time::{Time, parse_rfc3339};
use crate::cli::exit::Exit;
use crate::source::data_dir;
use crate::verify::profile::Profile;

/// Says who stands behind a signed binary, and under whose law.
#[derive(Debug, Parser)]
#[command(name = "bonafide", version, about, long_about = None, after_help = exit_codes(), max_term_width = 100)]
#[command(disable_help_subcommand = true)]
pub(super) struct Args {
    #[command(subcommand)]
    pub(super) verb: Verb,
}

#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Verify files and give a verdict; the exit code is the verdict. `bonafide FILE` is short for it
    Verify(RunArgs),
    /// Show the same facts without a verdict
    Inspect(RunArgs),
    /// Say what a finding means, on what it rests, and what to do
    Explain(ExplainArgs),
    /// Show what is known of a vendor, by name, slug, certificate or signed file
    Vendor(VendorArgs),
    /// Show what is known of hosts: networks and their holders, operators, registries, and with --online more
    Host(HostArgs),
    /// Check an update channel: who vouches for what it serves, how fresh it is, and whose hosts it comes from
    Channel(ChannelArgs),
    /// Compare two files, packages or JSON reports: signer, chain, countries, owner, lists, hosts, algorithms
    Diff(Box<RunArgs>),
    /// List or show the built-in policies
    Policy(PolicyArgs),
    /// Show the age of the data that verdicts rest on, or import newer
    Data(DataArgs),
    /// Print the JSON Schema of a report, a difference or a screening
    Schema(SchemaArgs),
    /// Print a completion script
    Completions(CompletionsArgs),
    /// Print the manual page
    Man,
}

/// Words that are verbs; anything else in first place is a subject.
pub(super) fn with_default_verb(arguments: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut all: Vec<OsString> = arguments.collect();
    let command = Args::command();
    let is_verb = |word: &str| command.get_subcommands().any(|c| c.get_name() == word);
    let first = all.get(1).and_then(|a| a.to_str()).unwrap_or_default();
    let global = matches!(first, "-h" | "--help" | "-V" | "--version" | "");
    if all.len() > 1 && !global && !is_verb(first) {
        all.insert(1, "verify".into());
    }
    all
}

/// Data of the user's own that a verb looks at.
#[derive(Debug, Clone, Default, ClapArgs)]
pub(super) struct KeptArgs {
    /// Data are kept here; by default $BONAFIDE_DATA, else the platform's folder for user data
    #[arg(long, value_name = "DIR")]
    pub(super) data_dir: Option<PathBuf>,
    /// Compare with the natural persons of restricted-party lists too
    #[arg(long)]
    pub(super) persons: bool,
}

impl KeptArgs {
    /// The data folder, where there is one.
    pub(super) fn folder(&self) -> Option<PathBuf> {
        self.data_dir.clone().or_else(data_dir::path)
    }
}

#[derive(Debug, Clone, ClapArgs)]
pub(super) struct RunArgs {
    /// Files, directories, http(s) addresses, packages (`pypi:NAME==V`, `npm:NAME@V`, `crates:NAME@V`, `deb:NAME=V`); `-` is
    /// standard input
    #[arg(required = true, value_name = "SUBJECT")]
    pub(super) subjects: Vec<PathBuf>,

    /// Report format, as FORMAT or FORMAT=FILE; may be given more than once
    #[arg(
        short,
        long = "format",
        value_name = "FORMAT[=FILE]",
        help_heading = "Output"
    )]
    pub(super) formats: Vec<String>,
    /// Write the report to FILE instead of standard output
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub(super) output: Option<PathBuf>,
    /// Show more: -v chains and passed checks, -vv all evidence
    #[arg(short, long, action = clap::ArgAction::Count, help_heading = "Output")]
    pub(super) verbose: u8,
    /// Of members, list only those with something found
    #[arg(long, help_heading = "Output")]
    pub(super) only_findings: bool,
    /// List members down to this level, one by one
    #[arg(long, value_name = "N", help_heading = "Output")]
    pub(super) depth: Option<usize>,
    /// Print no report on standard output and no progress
    #[arg(short, long, help_heading = "Output")]
    pub(super) quiet: bool,
    /// Colour the text report
    #[arg(long, value_enum, default_value_t = Colour::Auto, value_name = "WHEN", help_heading = "Output")]
    pub(super) color: Colour,

    /// Policy: a built-in name, or a .rego file
    #[arg(long, value_name = "NAME|FILE", help_heading = "Judgement")]
    pub(super) policy: Option<String>,
    /// Whose rules judge the signatures; by default those of the file's own platform
    #[arg(long, value_parser = profile, value_name = "PROFILE", help_heading = "Judgement")]
    pub(super) profile: Option<Profile>,
    /// Judge as of this time, RFC 3339 or a date
    #[arg(long, value_parser = time, value_name = "TIME", help_heading = "Judgement")]
    pub(super) at: Option<Time>,
    /// Trust this certificate too, PEM or DER; said in the report
    #[arg(long = "trust-root", value_name = "FILE", help_heading = "Judgement")]
    pub(super) trust_roots: Vec<PathBuf>,
    /// Look files up in this security catalog too
    #[arg(long = "catalog", value_name = "FILE", help_heading = "Judgement")]
    pub(super) catalogs: Vec<PathBuf>,
    /// Use this CRL or OCSP response, PEM or DER
    #[arg(long = "revocation", value_name = "FILE", help_heading = "Judgement")]
    pub(super) revocation: Vec<PathBuf>,
    /// Which verdicts make the exit code non-zero
    #[arg(long, value_enum, default_value_t = FailOn::Review, value_name = "VERDICT", help_heading = "Judgement")]
    pub(super) fail_on: FailOn,
    /// Settings and waivers; by default bonafide.toml here or above
    #[arg(long, value_name = "FILE", help_heading = "Judgement")]
    pub(super) config: Option<PathBuf>,
    /// Read no settings file
    #[arg(long, conflicts_with = "config", help_heading = "Judgement")]
    pub(super) no_config: bool,

    /// Ask the network for revocation and missing issuers
    #[arg(long, conflicts_with = "replay", help_heading = "Evidence")]
    pub(super) online: bool,
    /// Write every network answer to FILE
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with = "replay",
        help_heading = "Evidence"
    )]
    pub(super) record: Option<PathBuf>,
    /// Take network answers from FILE, as --record wrote it
    #[arg(long, value_name = "FILE", help_heading = "Evidence")]
    pub(super) replay: Option<PathBuf>,
    /// Ask this database of networks too: MMDB, or ranges as text; holder=FILE, location=FILE or route=FILE says what it is about
    #[arg(long, value_name = "[KIND=]FILE", help_heading = "Evidence")]
    pub(super) geo: Vec<String>,
    #[command(flatten, next_help_heading = "Evidence")]
    pub(super) kept: KeptArgs,

    /// This host may have an address that is not public: a mirror, a cache, a registry's file host inside a company
    #[arg(long, value_name = "HOST", value_parser = host, help_heading = "Evidence")]
    pub(super) allow_host: Vec<String>,

    /// Ask this registry for packages, not the one that your package client is configured with; for deb
    /// `URL SUITE [COMPONENT...]`
    #[arg(long, value_name = "URL", help_heading = "Packages")]
    pub(super) registry: Option<String>,
    /// Take only the files of a package whose name matches, with * and ?
    #[arg(long, value_name = "PATTERN", help_heading = "Packages")]
    pub(super) file: Option<String>,

    /// Files judged at once; by default one a core
    #[arg(short, long, value_name = "N", help_heading = "Limits")]
    pub(super) jobs: Option<std::num::NonZeroUsize>,
    /// Largest file, in bytes or with K, M, G
    #[arg(long, value_parser = size, default_value = "16G", value_name = "SIZE", help_heading = "Limits")]
    pub(super) max_size: u64,
    /// Deepest nesting of members
    #[arg(long, default_value_t = 8, value_name = "N", help_heading = "Limits")]
    pub(super) max_depth: u32,
    /// Most members in all, at any depth
    #[arg(
        long,
        default_value_t = 100_000,
        value_name = "N",
        help_heading = "Limits"
    )]
    pub(super) max_members: u64,
    /// Most bytes that come out of decoding in all, in bytes or with K, M, G
    #[arg(long, value_parser = size, default_value = "4G", value_name = "SIZE", help_heading = "Limits")]
    pub(super) max_decoded: u64,
    /// Longest time for one file, in seconds
    #[arg(
        long,
        default_value_t = 120,
        value_name = "SECONDS",
        help_heading = "Limits"
    )]
    pub(super) timeout: u64,
}

#[derive(Debug, Parser)]
struct Plain {
    #[command(flatten)]
    run: RunArgs,
}

impl RunArgs {
    /// With every default, for verbs that share what these arguments lead to.
    pub(super) fn plain() -> Self {
        Plain::parse_from(["bonafide", "-"]).run
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Colour {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOn {
    /// Only deny
    Deny,
    /// Deny and review
    Review,
    /// Neither; unreadable input still is
    Never,
}

#[derive(Debug, ClapArgs)]
pub(super) struct ExplainArgs {
    /// Finding id, as reports print it; without one, all are listed
    #[arg(value_name = "FINDING")]
    pub(super) finding: Option<String>,
}

#[derive(Debug, ClapArgs)]
pub(super) struct VendorArgs {
    /// Name, registry slug, certificate file or signed file; without one, all vendors are listed
    #[arg(value_name = "NAME|FILE")]
    pub(super) subject: Option<String>,
    /// Screen every name of a CSV file with the columns name, country and any of lei, registration-number, inn, ogrn …
    #[arg(long, value_name = "NAMES.CSV", conflicts_with = "subject")]
    pub(super) screen: Option<PathBuf>,
    /// Form of the answer to --screen
    #[arg(short, long, value_enum, default_value = "text", requires = "screen")]
    pub(super) format: Table,
    /// As of this time, RFC 3339 or a date
    #[arg(long, value_parser = time, value_name = "TIME")]
    pub(super) at: Option<Time>,
    #[command(flatten)]
    pub(super) kept: KeptArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Table {
    Text,
    Csv,
    Json,
}

#[derive(Debug, ClapArgs)]
pub(super) struct HostArgs {
    /// Host names, addresses or URLs
    #[arg(required = true, value_name = "HOST|IP|URL")]
    pub(super) hosts: Vec<String>,
    /// Report format, as FORMAT or FORMAT=FILE; may be given more than once
    #[arg(short, long = "format", value_name = "FORMAT[=FILE]")]
    pub(super) formats: Vec<String>,
    /// Write the report to FILE instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// Show more: -v sources and passed checks, -vv all evidence
    #[arg(short, long, action = clap::ArgAction::Count)]
    pub(super) verbose: u8,
    /// Print no report on standard output
    #[arg(short, long)]
    pub(super) quiet: bool,
    /// Colour the text report
    #[arg(long, value_enum, default_value_t = Colour::Auto, value_name = "WHEN")]
    pub(super) color: Colour,
    /// Judge as of this time, RFC 3339 or a date
    #[arg(long, value_parser = time, value_name = "TIME")]
    pub(super) at: Option<Time>,
    /// Ask this database of networks too: MMDB, or ranges as text; holder=FILE, location=FILE or route=FILE says what it is about
    #[arg(long, value_name = "[KIND=]FILE")]
    pub(super) geo: Vec<String>,
    #[command(flatten)]
    pub(super) kept: KeptArgs,
    /// Ask the domain name system, the host's TLS and the registries (RDAP)
    #[arg(long, conflicts_with = "replay")]
    pub(super) online: bool,
    /// Write every network answer to FILE
    #[arg(long, value_name = "FILE", conflicts_with = "replay")]
    pub(super) record: Option<PathBuf>,
    /// Take network answers from FILE, as --record wrote it
    #[arg(long, value_name = "FILE")]
    pub(super) replay: Option<PathBuf>,
    /// Connect to private and special addresses too
    #[arg(long)]
    pub(super) allow_private: bool,
    /// Connect to no host for its certificates
    #[arg(long)]
    pub(super) no_tls: bool,
    /// Ask no registry for registrations
    #[arg(long)]
    pub(super) no_rdap: bool,
    /// Ask this name server, not the system's
    #[arg(long, value_name = "ADDRESS:PORT", requires = "online")]
    pub(super) resolver: Option<std::net::SocketAddr>,
    /// Longest time for one host, in seconds
    #[arg(long, default_value_t = 60, value_name = "SECONDS")]
    pub(super) timeout: u64,
}

#[derive(Debug, ClapArgs)]
pub(super) struct ChannelArgs {
    #[command(subcommand)]
    pub(super) verb: ChannelVerb,
}

#[derive(Debug, Subcommand)]
pub(super) enum ChannelVerb {
    /// Collect, verify and judge a channel; the exit code is the verdict
    Check(Box<ChannelCheckArgs>),
    /// Find the channels that a product or a package is configured with
    Discover(ChannelDiscoverArgs),
    /// Collect a channel into an evidence bundle and judge nothing
    Collect(ChannelCollectArgs),
    /// Compare two bundles or copies of one channel: two times, or two vantages
    Diff(Box<ChannelDiffArgs>),
}

#[derive(Debug, Clone, ClapArgs)]
pub(super) struct ChannelAsk {
    /// Kind of channel; by default the one that the target looks like
    #[arg(long, value_name = "KIND")]
    pub(super) kind: Option<String>,
    /// Trust anchor: a keyring, key, certificate or root document; by default those that the kind's own client trusts here
    #[arg(long = "keyring", value_name = "FILE")]
    pub(super) keyrings: Vec<PathBuf>,
    /// Product or package whose files are asked for, NAME or NAME=VERSION; by default a sample
    #[arg(long = "product", value_name = "NAME")]
    pub(super) products: Vec<String>,
    /// Setting of the kind, such as suite=stable, architecture=arm64, artifacts=none
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = setting)]
    pub(super) settings: Vec<(String, String)>,
    /// Ask private and special addresses too
    #[arg(long)]
    pub(super) allow_private: bool,
    /// This host may have an address that is not public
    #[arg(long, value_name = "HOST", value_parser = host)]
    pub(super) allow_host: Vec<String>,
    /// From where in the net this is asked, in your words; kept with each answer
    #[arg(long, value_name = "WORDS")]
    pub(super) vantage: Option<String>,
    /// Most answers collected
    #[arg(long, default_value_t = 512, value_name = "N")]
    pub(super) max_documents: usize,
    /// Most bytes collected in all, in bytes or with K, M, G
    #[arg(long, value_parser = size, default_value = "4G", value_name = "SIZE")]
    pub(super) max_bytes: u64,
    /// Longest time for all answers, in seconds
    #[arg(long, default_value_t = 3600, value_name = "SECONDS")]
    pub(super) timeout: u64,
}

#[derive(Debug, ClapArgs)]
pub(super) struct ChannelCheckArgs {
    /// Address, source line, directory with a copy, evidence bundle, client configuration, or a file whose updater is configured in it
    #[arg(value_name = "TARGET")]
    pub(super) target: String,
    #[command(flatten)]
    pub(super) ask: ChannelAsk,
    /// An earlier bundle or copy of the same channel: what went back or changed hands since then fails
    #[arg(long, value_name = "DIR", conflicts_with = "history")]
    pub(super) before: Option<PathBuf>,
    /// Keep a bundle of each check below this directory, and compare with the one before
    #[arg(long, value_name = "DIR", conflicts_with = "record")]
    pub(super) history: Option<PathBuf>,
    /// Write the evidence bundle to this directory
    #[arg(long, value_name = "DIR")]
    pub(super) record: Option<PathBuf>,
    /// Report format, as FORMAT or FORMAT=FILE; may be given more than once
    #[arg(short, long = "format", value_name = "FORMAT[=FILE]")]
    pub(super) formats: Vec<String>,
    /// Write the report to FILE instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// Show more: -v every check and fetch, -vv all evidence
    #[arg(short, long, action = clap::ArgAction::Count)]
    pub(super) verbose: u8,
    /// Print no report on standard output
    #[arg(short, long)]
    pub(super) quiet: bool,
    /// Colour the text report
    #[arg(long, value_enum, default_value_t = Colour::Auto, value_name = "WHEN")]
    pub(super) color: Colour,
    /// Policy: a built-in name, or a .rego file
    #[arg(long, value_name = "NAME|FILE")]
    pub(super) policy: Option<String>,
    /// Judge as of this time, RFC 3339 or a date
    #[arg(long, value_parser = time, value_name = "TIME")]
    pub(super) at: Option<Time>,
    /// Which verdicts make the exit code non-zero
    #[arg(long, value_enum, default_value_t = FailOn::Review, value_name = "VERDICT")]
    pub(super) fail_on: FailOn,
    /// Settings and waivers; by default bonafide.toml here or above
    #[arg(long, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// Read no settings file
    #[arg(long, conflicts_with = "config")]
    pub(super) no_config: bool,
    /// Ask the domain name system, TLS and the registries about the channel's hosts, too
    #[arg(long)]
    pub(super) online: bool,
    /// Ask this database of networks too: MMDB, or ranges as text; holder=FILE, location=FILE or route=FILE says what it is about
    #[arg(long, value_name = "[KIND=]FILE")]
    pub(super) geo: Vec<String>,

    #[command(flatten)]
    pub(super) kept: KeptArgs,
}

#[derive(Debug, ClapArgs)]
pub(super) struct ChannelCollectArgs {
    /// Address, source line, or directory with a copy
    #[arg(value_name = "TARGET")]
    pub(super) target: String,
    #[command(flatten)]
    pub(super) ask: ChannelAsk,
    /// Directory of the bundle; one that was broken off is taken up again
    #[arg(short, long, value_name = "DIR")]
    pub(super) output: PathBuf,
}

#[derive(Debug, ClapArgs)]
pub(super) struct ChannelDiscoverArgs {
    /// Files, packages or directories
    #[arg(value_name = "FILE|DIR", required = true)]
    pub(super) subjects: Vec<PathBuf>,
    /// Print JSON, one document
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, ClapArgs)]
pub(super) struct ChannelDiffArgs {
    /// The earlier one, or the one vantage
    #[arg(value_name = "BUNDLE|DIR")]
    pub(super) before: PathBuf,
    /// The later one, or the other vantage
    #[arg(value_name = "BUNDLE|DIR")]
    pub(super) after: PathBuf,
    #[command(flatten)]
    pub(super) ask: ChannelAsk,
    /// Two askers at one time: every difference is a split view
    #[arg(long)]
    pub(super) vantages: bool,
    /// Judge as of this time, RFC 3339 or a date
    #[arg(long, value_parser = time, value_name = "TIME")]
    pub(super) at: Option<Time>,
}

#[derive(Debug, ClapArgs)]
pub(super) struct PolicyArgs {
    #[command(subcommand)]
    pub(super) verb: PolicyVerb,
}

#[derive(Debug, Subcommand)]
pub(super) enum PolicyVerb {
    /// List the built-in policies
    List,
    /// Print a built-in policy
    Show {
        /// Its name
        #[arg(value_name = "NAME")]
        name: String,
    },
    /// Run the tests of policies, and ask them about reports
    #[command(
        long_about = "Compiles each policy, runs the rules test_… of the file NAME_test.rego beside NAME.rego, and asks the policy about \
        the reports given.\n\nExit code 1 where a test fails or a verdict is another than expected, 2 where a file cannot be used or \
        there is nothing to test a policy by."
    )]
    Test(PolicyTestArgs),
}

#[derive(Debug, ClapArgs)]
pub(super) struct PolicyTestArgs {
    /// Policies, or directories of them; without any, the built-in ones
    #[arg(value_name = "POLICY.rego|DIR")]
    pub(super) paths: Vec<PathBuf>,
    /// Expect this verdict of the policy about a report: allow=FILE, review=FILE or deny=FILE
    #[arg(long = "report", value_name = "VERDICT=FILE")]
    pub(super) reports: Vec<String>,
    /// Settings; by default bonafide.toml here or above
    #[arg(long, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// Read no settings file
    #[arg(long, conflicts_with = "config")]
    pub(super) no_config: bool,
}

#[derive(Debug, ClapArgs)]
pub(super) struct DataArgs {
    /// Keep data here; by default $BONAFIDE_DATA, else the platform's folder for user data
    #[arg(long, value_name = "DIR", global = true)]
    pub(super) data_dir: Option<PathBuf>,
    #[command(subcommand)]
    pub(super) verb: DataVerb,
}

#[derive(Debug, Subcommand)]
pub(super) enum DataVerb {
    /// Show each data set, its date and where it comes from
    Status {
        /// Ages as of this time, RFC 3339 or a date
        #[arg(long, value_parser = time, value_name = "TIME")]
        at: Option<Time>,
    },
    /// Import a restricted-party list, the LEI system's files, or Microsoft's root list: check, show what changes, use from then on
    Import(ImportArgs),
    /// Check data files of vendors, operators and instruments against their rules
    #[command(
        long_about = "Check data files against their rules: schema, citations, dates, country codes, check digits, names.\n\n\
        Without a path the compiled-in files are checked. A file in a directory named `operators` or `instruments` is held to \
        the rules of those, any other to those of vendors. Exit code 2 where a rule is broken."
    )]
    Lint(LintArgs),
    /// Fetch restricted-party lists from where they are published; what fails leaves the old version in use
    #[cfg(feature = "net")]
    Update(UpdateArgs),
    /// Pack tables of networks for the product
    #[command(hide = true)]
    BuildNetwork(BuildNetworkArgs),
}

#[derive(Debug, ClapArgs)]
pub(super) struct BuildNetworkArgs {
    /// Delegated-extended files of the regional registries, or tables of ranges: FIRST,LAST,COUNTRY or FIRST,LAST,ASN,NAME
    #[arg(value_name = "FILE", required = true)]
    pub(super) files: Vec<PathBuf>,
    /// Day that the files hold for
    #[arg(long, value_name = "DATE", value_parser = time)]
    pub(super) as_of: Time,
    /// Directory to write holders.bin and routes.bin to
    #[arg(short, long, value_name = "DIR")]
    pub(super) output: PathBuf,
}

#[derive(Debug, ClapArgs)]
pub(super) struct LintArgs {
    /// Files or directories; without any, what is compiled in
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub(super) struct ImportArgs {
    /// Files of one list as published (OFAC: SDN.CSV, ALT.CSV and ADD.CSV); GLEIF golden copies (lei2, rr, repex as XML or CSV,
    /// plain or zip); or authroot.stl with --certificates
    #[arg(value_name = "FILE", required = true)]
    pub(super) files: Vec<PathBuf>,
    /// Which list it is, as `data status` names them; by default the one list of the file's form
    #[arg(long = "as", value_name = "ID", conflicts_with = "certificates")]
    pub(super) id: Option<String>,
    /// The day the files stand for, where they do not say; by default the day they were last modified
    #[arg(long, value_parser = date, value_name = "DATE", conflicts_with = "certificates")]
    pub(super) as_of: Option<time::Date>,
    /// Root list: PEM or DER file or directory of its certificates
    #[arg(long, value_name = "PATH")]
    pub(super) certificates: Vec<PathBuf>,
    /// Root list: show what would change and write nothing
    #[arg(long, requires = "certificates")]
    pub(super) dry_run: bool,
    /// Accept a list that lost more than is plausible
    #[arg(long)]
    pub(super) accept_shrink: bool,
}

#[cfg(feature = "net")]
#[derive(Debug, ClapArgs)]
pub(super) struct UpdateArgs {
    /// Lists to fetch; by default those that are installed
    #[arg(value_name = "ID")]
    pub(super) ids: Vec<String>,
    /// Fetch list ID from URL; of a list with several files, the folder that holds them
    #[arg(long = "url", value_name = "ID=URL")]
    pub(super) urls: Vec<String>,
    /// Accept a list that lost more than is plausible
    #[arg(long)]
    pub(super) accept_shrink: bool,
    /// Longest time for one file, in seconds
    #[arg(long, default_value_t = 600, value_name = "SECONDS")]
    pub(super) timeout: u64,
}

#[derive(Debug, ClapArgs)]
pub(super) struct SchemaArgs {
    /// Which document
    #[arg(value_enum, default_value_t = Document::Report)]
    pub(super) document: Document,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Document {
    /// Of verify and inspect
    Report,
    /// Of diff
    Diff,
    /// Of vendor --screen
    Screening,
}

#[derive(Debug, ClapArgs)]
pub(super) struct CompletionsArgs {
    /// Which shell
    #[arg(value_enum)]
    pub(super) shell: clap_complete::Shell,
}

/// The command, for completions, the manual page and the tests.
pub fn command() -> clap::Command {
    Args::command()
}

fn exit_codes() -> String {
    let mut text = String::from("Exit codes:\n");
    for exit in Exit::ALL {
        text.push_str(&format!("  {:>3}  {}\n", exit.code(), exit.meaning()));
    }
    text.push_str("Not legal advice. No match is not a clearance.");
    text
}

fn time(text: &str) -> Result<Time, String> {
    parse_rfc3339(text).ok_or_else(|| {
        "not a date or an RFC 3339 time, such as 2024-09-29 or 2024-09-29T00:00:00Z".into()
    })
}

fn date(text: &str) -> Result<time::Date, String> {
    crate::base::time::parse_date(text).ok_or_else(|| "not a date, such as 2024-09-29".into())
}

fn profile(text: &str) -> Result<Profile, String> {
    Profile::ALL
        .into_iter()
        .find(|p| p.name() == text)
        .ok_or_else(|| {
            let names: Vec<&str> = Profile::ALL.iter().map(|p| p.name()).collect();
            format!("one of {}", names.join(", "))
        })
}

fn setting(text: &str) -> Result<(String, String), String> {
    let (name, value) = text
        .split_once('=')
        .ok_or("NAME=VALUE, such as suite=stable")?;
    Ok((name.to_ascii_lowercase(), value.to_owned()))
}

fn host(text: &str) -> Result<String, String> {
    if text.is_empty() || text.contains(['/', '@']) {
        return Err("a host alone, such as files.example".into());
    }
    Ok(text.to_ascii_lowercase())
}

fn size(text: &str) -> Result<u64, String> {
    let (digits, shift) = match text.as_bytes().last() {
        Some(b'K' | b'k') => (text.get(..text.len().saturating_sub(1)), 10),
        Some(b'M' | b'm') => (text.get(..text.len().saturating_sub(1)), 20),
        Some(b'G' | b'g') => (text.get(..text.len().saturating_sub(1)), 30),
        _ => (Some(text), 0),
    };
    digits
        .and_then(|d| d.parse::<u64>().ok())
        .and_then(|n| n.checked_mul(1 << shift))
        .ok_or_else(|| "a number of bytes, such as 500M".into())
}

#[cfg(test)]
mod tests {
    use super::{command, size, with_default_verb};

    #[test]
    fn the_command_is_well_formed_and_a_subject_needs_no_verb() {
        command().debug_assert();
        let typed = |words: &[&str]| -> Vec<String> {
            let words = std::iter::once("bonafide")
                .chain(words.iter().copied())
                .map(Into::into);
            with_default_verb(words)
                .into_iter()
                .skip(1)
                .map(|w| w.into_string().unwrap())
                .collect()
        };
        assert_eq!(typed(&["a.exe"]), ["verify", "a.exe"]);
        assert_eq!(
            typed(&["--policy", "strict", "a.exe"]),
            ["verify", "--policy", "strict", "a.exe"]
        );
        assert_eq!(typed(&["inspect", "a.exe"]), ["inspect", "a.exe"]);
        assert_eq!(typed(&["--help"]), ["--help"]);
        assert!(typed(&[]).is_empty());
    }

    #[test]
    fn sizes_take_units_and_do_not_overflow() {
        assert_eq!(size("500M"), Ok(500 << 20));
        assert_eq!(size("7"), Ok(7));
        assert!(size("99999999999999G").is_err());
        assert!(size("").is_err());
        assert!(size("x").is_err());
    }
}
