//! Stub: `verify::timestamp`.
