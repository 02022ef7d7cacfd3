//! `data build-network`: packs public tables of networks into the form that ships. The same files give the same bytes.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::Path;

use anyhow::{Context as _, anyhow};

use crate::cli::Failure;
use crate::cli::args::BuildNetworkArgs;
use crate::cli::exit::Exit;
use crate::cli::output::print;
use crate::jurisdiction::network::{
    Delegation, NetworkTables, Ranges, is_delegated, packed, read_delegated,
};
use crate::model::digest::hex;
use crate::source::{file, output};

/// Largest table read; public ones have under 30 MB.
const MAX_TABLE: u64 = 256 << 20;

type Row = (IpAddr, IpAddr, String);

pub(super) fn build(args: &BuildNetworkArgs) -> Result<Exit, Failure> {
    let mut holders: Vec<Row> = Vec::new();
    let mut routes: Vec<Row> = Vec::new();
    let mut left_out = 0usize;
    for path in &args.files {
        let text = file::read_text(path, MAX_TABLE)
            .with_context(|| path.display().to_string())
            .map_err(Failure::usage)?;
        if is_delegated(&text) {
            for delegation in read_delegated(&text) {
                if let Delegation::Addresses(first, last, country) = delegation {
                    holders.push((first, last, country));
                }
            }
            continue;
        }
        let ranges = Ranges::read(path.display().to_string(), None, None, &text)
            .with_context(|| path.display().to_string())
            .map_err(Failure::usage)?;
        holders.extend(ranges.countries());
        let tables = NetworkTables::bundled();
        for (first, last, asn) in ranges.routes() {
            if tables.by_asn(asn).is_none() {
                continue;
            }
            if !is_whole(first, last) {
                left_out = left_out.saturating_add(1);
                continue;
            }
            routes.push((first, last, format!("AS{asn}")));
        }
    }
    let as_of = args.as_of.date().to_string();
    for (name, rows) in [("holders.bin", &holders), ("routes.bin", &routes)] {
        write(&args.output.join(name), &as_of, rows)?;
    }
    if left_out > 0 {
        print(&format!(
            "{left_out} announcements inside one /64 are left out\n"
        ))?;
    }
    Ok(Exit::Done)
}

/// The table keeps IPv6 in units of /64.
fn is_whole(first: IpAddr, last: IpAddr) -> bool {
    let low = |ip: IpAddr| match ip {
        IpAddr::V4(_) => None,
        IpAddr::V6(ip) => Some(u128::from(ip) & u128::from(u64::MAX)),
    };
    match (low(first), low(last)) {
        (Some(first), Some(last)) => first == 0 && last == u128::from(u64::MAX),
        _ => true,
    }
}

fn write(path: &Path, as_of: &str, rows: &[Row]) -> Result<(), Failure> {
    let bytes = packed::build(as_of, rows)
        .map_err(|e| Failure::usage(anyhow!("{}: {e}", path.display())))?;
    output::write(path, &bytes)?;
    let mut counts: BTreeMap<bool, usize> = BTreeMap::new();
    for (first, _, _) in rows {
        let count = counts.entry(first.is_ipv4()).or_default();
        *count = count.saturating_add(1);
    }
    use sha2::Digest as _;
    print(&format!(
        "{}: {} IPv4 and {} IPv6 rows, {} bytes, sha256 {}\n",
        path.display(),
        counts.get(&true).copied().unwrap_or_default(),
        counts.get(&false).copied().unwrap_or_default(),
        bytes.len(),
        hex(&sha2::Sha256::digest(&bytes))
    ))?;
    Ok(())
}
