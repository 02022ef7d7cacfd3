//! Stub: `verify::store`.
