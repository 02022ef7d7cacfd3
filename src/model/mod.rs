//! The plain data that passes between stages. No I/O, no parsing, no serialisation: `report` owns the published schema.

pub mod analysis;
pub mod certificate;
pub mod channel;
pub mod claim;
pub mod cms;
pub mod collection;
pub mod digest;
pub mod endpoint;
pub mod evidence;
pub mod extract;
pub mod finding;
pub mod infrastructure;
pub mod legal_entity;
pub mod list;
pub mod origin;
pub mod party;
pub mod signature;
pub mod updater;
pub mod verdict;
pub mod xmldsig;
