//! Stub: `verify::authenticode`.
