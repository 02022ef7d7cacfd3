//! Stub: `verify::image`.
