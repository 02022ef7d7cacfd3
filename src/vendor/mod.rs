//! The vendor registry: who is behind a brand, which legal entities it has, who owns whom, each fact with its citation.
//!
//! The registry is data: one file in `data/vendors/`, by the rules of its README. A party is recognised as an entity of it by
//! an identifier, a pinned certificate or key, or an identical name together with the country; similar names are not
//! compared. What nobody cites is marked, shown as a lead and never becomes a claim.
//!
//! It does not prove that an unlisted party has no owner worth knowing.

mod citation;
mod enrich;
mod facts;
pub mod findings;
pub mod gleif;
mod interests;
pub mod lint;
mod load;
pub mod ownership;
mod recognise;
mod registry;
mod scan;
mod schema;
#[cfg(test)]
mod tests;

pub use citation::{Checked, Citation, Grade};
pub use enrich::{enrich, settle_declared};
pub use facts::{FactKind, Tally};
pub use interests::{Directness, Interest, Owner, Relation, UnspecifiedOwner, UnspecifiedReason};
pub use load::Error;
pub use recognise::{Recognition, party_schemes};
pub use registry::Registry;
pub use schema::{
    Alias, Dispute, Entity, Fact, Identifier, Pin, PublicListing, Side, Statement, Topic, Vendor,
};
