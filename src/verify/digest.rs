//! Stub: `verify::digest`.
