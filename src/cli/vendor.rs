//! `vendor`: what the registry and the instruments say of a vendor, by name, slug, certificate or signed file.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use crate::base::blob::ReadAt;
use crate::base::budget::{Budget, Limits};
use crate::cli::Failure;
use crate::cli::args::VendorArgs;
use crate::cli::exit::Exit;
use crate::cli::output::{complain, print_with};
use crate::cli::screen;
use crate::cli::setup::{Setup, read_anchors};
use crate::identity;
use crate::model::evidence::Source;
use crate::model::party::{Party, Role, VendorLink};
use crate::pipeline::{self, Context, Options};
use crate::policy::Settings;
use crate::report::Style;
use crate::report::json::dossier::Dossier;
use crate::report::text::dossier;
use crate::screening;
use crate::source::clock::Stopwatch;
use crate::source::file::{FileBlob, Spooled};
use crate::vendor::gleif::enrich_by_lei;
use crate::vendor::gleif::owners::Owners;
use crate::vendor::{Entity, Vendor, enrich};
use crate::verify::revocation::RevocationEvidence;

/// Plain text, with the evidence.
const STYLE: Style = Style {
    colour: false,
    verbosity: 1,
    several: false,
    only_findings: false,
    depth: None,
};

/// Largest file that could be a certificate.
const MAX_CERTIFICATE: u64 = 64 << 10;

pub(super) fn run(args: &VendorArgs) -> Result<Exit, Failure> {
    let setup = Setup::load(args.at, &[], Settings::default(), &args.kept)?;
    if let Some(names) = &args.screen {
        return screen::run(names, args, &setup);
    }
    let Some(subject) = &args.subject else {
        print_with(|out| dossier::registry(setup.vendors, out, &STYLE))?;
        return Ok(Exit::Done);
    };
    let path = Path::new(subject);
    let slugs = if path.is_file() {
        of_file(path, &setup)?
    } else {
        of_name(subject, &setup)?
    };
    for slug in &slugs {
        if let Some(vendor) = setup.vendors.vendor(slug) {
            let dossier = Dossier::new(vendor, &screened(vendor, &setup), setup.now);
            print_with(|out| dossier::write(&dossier, out, &STYLE))?;
        }
    }
    if slugs.is_empty() {
        complain("not in the vendor registry; no match is not a clearance");
        return Ok(Exit::Unavailable);
    }
    Ok(Exit::Done)
}

/// By slug, brand or part of a name, in that order of preference: a person is asking, and reads what comes.
fn of_name(text: &str, setup: &Setup) -> Result<BTreeSet<String>, Failure> {
    let mut party = identity::declared::maker(text, Role::DeclaredVendor);
    let matches = screened_party(&mut party, setup);
    print_with(|out| dossier::party(&party, &matches, out, &STYLE))?;
    if let Some(link) = &party.vendor {
        return Ok(BTreeSet::from([link.slug.clone()]));
    }
    let wanted = identity::name::fold(text);
    let exact = |vendor: &&Vendor| {
        vendor.id == text
            || vendor
                .brands
                .iter()
                .any(|brand| identity::name::fold(brand) == wanted)
    };
    let like = |vendor: &&Vendor| {
        vendor
            .entities
            .iter()
            .any(|entity| names(entity).any(|name| identity::name::fold(name).contains(&wanted)))
    };
    let slugs = |found: &mut dyn Iterator<Item = &Vendor>| {
        found.map(|v| v.id.clone()).collect::<BTreeSet<_>>()
    };
    let found = slugs(&mut setup.vendors.iter().filter(exact));
    Ok(if found.is_empty() && wanted.len() > 2 {
        slugs(&mut setup.vendors.iter().filter(like))
    } else {
        found
    })
}

fn names(entity: &Entity) -> impl Iterator<Item = &str> {
    std::iter::once(entity.name.as_str())
        .chain(entity.aliases.iter().map(|alias| alias.name.as_str()))
}

/// The parties behind a certificate or a signed file.
fn of_file(path: &Path, setup: &Setup) -> Result<BTreeSet<String>, Failure> {
    let blob = FileBlob::open(path)?;
    let mut parties: Vec<Party> = Vec::new();
    let certificates = if blob.size() <= MAX_CERTIFICATE {
        read_anchors(path).ok()
    } else {
        None
    };
    match certificates {
        Some(certificates) => {
            parties.extend(
                certificates.iter().map(|c| {
                    identity::from_certificate(c, Role::ClaimedSigner, Source::User).party
                }),
            );
        }
        None => {
            let clock = Stopwatch::start();
            let budget = Budget::start(Limits::default(), &clock);
            let options = Options {
                budget: &budget,
                spool: &Spooled,
                catalogs: false,
            };
            let blob: Arc<dyn ReadAt> = Arc::new(blob);
            let examined = pipeline::examine(&path.to_string_lossy(), &blob, &options);
            if let Some(error) = examined.error() {
                return Err(Failure {
                    exit: Exit::Input,
                    error: anyhow::anyhow!("{}: {}", path.display(), error.message),
                });
            }
            let revocation = RevocationEvidence::default();
            let analysis = pipeline::judge(&examined, &context(setup, &revocation));
            let made_it = [
                Role::Signer,
                Role::CoSigner,
                Role::ClaimedSigner,
                Role::DeclaredVendor,
            ];
            parties.extend(
                analysis
                    .parties
                    .into_values()
                    .filter(|p| made_it.iter().any(|r| p.roles.contains(r))),
            );
        }
    }
    let mut slugs = BTreeSet::new();
    for party in &mut parties {
        let matches = screened_party(party, setup);
        print_with(|out| dossier::party(party, &matches, out, &STYLE))?;
        slugs.extend(party.vendor.iter().map(|link| link.slug.clone()));
    }
    Ok(slugs)
}

fn context<'a>(setup: &'a Setup, revocation: &'a RevocationEvidence) -> Context<'a> {
    Context {
        now: setup.now,
        profile: None,
        store: &setup.store,
        issuers: &setup.store,
        revocation,
        cache: &setup.cache,
        known: &setup.known,
        operators: setup.operators,
        vendors: setup.vendors,
        instruments: &setup.instruments,
        listed: &setup.lists,
        legal_entities: &setup.legal_entities,
        catalogs: &[],
        infrastructure: None,
        max_list_age_days: setup.max_list_age_days,
    }
}

fn screened_party(party: &mut Party, setup: &Setup) -> Vec<crate::model::party::Match> {
    let day = setup.now.date();
    if party.vendor.is_none() {
        enrich(party, setup.vendors, day);
    }
    for finding in enrich_by_lei(party, setup.vendors, &setup.legal_entities, day) {
        complain(&finding.message);
    }
    party.matches = followed(party, setup);
    for finding in screening::screen(party, &setup.lists, &setup.instruments, setup.now) {
        complain(&finding.message);
    }
    party.matches.clone()
}

/// Instruments that reach it, over the registry's statements and the records of the LEI system.
fn followed(party: &Party, setup: &Setup) -> Vec<crate::model::party::Match> {
    let owners = Owners::new(setup.vendors, &setup.legal_entities).of_party(party);
    let found = screening::follow(party, &setup.instruments, &owners, setup.now);
    for gap in &found.gaps {
        complain(gap);
    }
    found.matches
}

/// Each entity of a vendor with the instruments that reach it.
fn screened<'v>(
    vendor: &'v Vendor,
    setup: &Setup,
) -> Vec<(&'v Entity, Vec<crate::model::party::Match>)> {
    vendor
        .entities
        .iter()
        .map(|entity| {
            let mut party = identity::declared::maker(&entity.name, Role::DeclaredVendor);
            party.countries.insert(entity.jurisdiction.clone());
            party.vendor = Some(VendorLink {
                slug: vendor.id.clone(),
                entity: entity.key.clone(),
                entity_name: entity.name.clone(),
                tier: crate::model::party::Tier::Same,
                rule: "entry of the registry itself".into(),
                compared: (entity.name.clone(), entity.name.clone()),
                verified: entity.verified,
                evidence: Vec::new(),
            });
            (entity, followed(&party, setup))
        })
        .collect()
}
