//! Stub: `verify::certificate`.
