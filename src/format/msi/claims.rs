//! What a package says of itself: summary information and Property table.

use crate::base::blob::ReadAt;
use crate::format::cfb::Compound;
use crate::format::error::Error;
use crate::format::msi::pool::Pool;
use crate::format::msi::{summary, tables};
use crate::model::extract::{Claimed, Extract, Gap};

/// Properties that name a product, its maker and where they are on the network.
const PROPERTIES: &[&str] = &[
    "ProductName",
    "Manufacturer",
    "ProductVersion",
    "ProductCode",
    "UpgradeCode",
    "ARPCONTACT",
    "ARPHELPLINK",
    "ARPURLINFOABOUT",
    "ARPURLUPDATEINFO",
];
/// Cabinets outside the package that are named one by one.
const MAX_CABINETS: usize = 16;

pub(super) fn read(blob: &dyn ReadAt, compound: &Compound, out: &mut Extract) -> Result<(), Error> {
    out.claimed = summary::claims(blob, compound)?;
    let Some(pool) = Pool::read(blob, compound)? else {
        out.gaps.push(Gap {
            what: "the tables of the package".into(),
            why: "they have no strings that are read".into(),
        });
        return Ok(());
    };
    let properties = tables::rows(blob, compound, &pool, "Property", ["Property", "Value"])?;
    for row in properties {
        let [Some(key), Some(value)] = row else {
            continue;
        };
        if PROPERTIES.contains(&key.text.as_str()) {
            out.claimed.push(Claimed {
                key: key.text,
                value: value.text,
                span: value.span,
            });
        }
    }
    let media = tables::rows(blob, compound, &pool, "Media", ["Cabinet"])?;
    let outside = media
        .into_iter()
        .flatten()
        .flatten()
        .filter(|cabinet| !cabinet.text.is_empty() && !cabinet.text.starts_with('#'));
    for cabinet in outside.take(MAX_CABINETS) {
        out.gaps.push(Gap {
            what: format!("cabinet {}", cabinet.text),
            why: "it lies beside the package, and the package's signature does not cover it".into(),
        });
    }
    Ok(())
}
