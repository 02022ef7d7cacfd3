//! The shell's reach to the outside: files, directories, standard input, the clock, the network, records of its answers.
//!
//! Nothing right of this room reads any of them; what they need comes in as bytes and times.

pub mod clock;
pub mod data_dir;
pub mod fetch;
pub mod file;
pub mod output;
pub mod record;
pub mod walk;
