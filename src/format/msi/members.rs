//! The files in a package: icons, binaries and cabinets, each a stream. The tables are read here and the signature elsewhere;
//! what remains is listed, whatever its name.

use crate::base::blob::ReadAt;
use crate::base::budget::Budget;
use crate::format::cfb::members::Streams;
use crate::format::cfb::{Compound, Node};
use crate::format::error::Error;
use crate::format::msi::signature::{METADATA, SIGNATURE};
use crate::format::msi::{kind, names, summary};
use crate::format::{Inside, cfb};

pub(super) fn open(blob: &dyn ReadAt, budget: &Budget<'_>) -> Result<Box<dyn Inside>, Error> {
    let compound = Compound::read(blob, budget)?;
    let streams: Streams =
        cfb::members::streams(blob, &compound, budget, |node| name(&compound, node))?;
    Ok(Box::new(streams))
}

/// The name to list an entry by; `None` for what is no file.
fn name(compound: &Compound, node: &Node) -> Option<String> {
    let (name, table) = names::decode(&node.name);
    let parent = compound.nodes.get(node.parent)?;
    let own = [SIGNATURE, METADATA, summary::SUMMARY].iter();
    if node.depth == 1 && own.copied().any(|own| own == name) {
        return None;
    }
    match (table, kind(&parent.clsid).is_some() || node.parent == 0) {
        (true, true) => None,
        (true, false) => Some(format!("!{name}")),
        (false, _) => Some(name),
    }
}
