//! The shell's reach to the outside: files, directories, standard input, the clock, the network, records of its answers.
//!
//! Nothing right of this room reads any of them; what they need comes in as bytes and times.

#[cfg(feature = "net")]
pub mod ask;
#[cfg(feature = "net")]
mod base64;
#[cfg(feature = "net")]
pub mod client;
pub mod clock;
pub mod collect;
pub mod data_dir;
#[cfg(feature = "net")]
mod deb822;
#[cfg(feature = "net")]
mod digest;
pub mod fetch;
pub mod file;
#[cfg(feature = "net")]
pub mod http;
#[cfg(feature = "net")]
pub mod locator;
pub mod output;
pub mod record;
#[cfg(feature = "net")]
pub mod registry;
pub mod walk;
#[cfg(feature = "net")]
pub mod wire;
