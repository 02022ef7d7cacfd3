//! The command line: one file a verb, exit codes in one enum.

pub mod exit;
