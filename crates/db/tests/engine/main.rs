//! The engine's guarantees, tested through its public API.
#![allow(clippy::unwrap_used)] // A test that cannot go on should say where.

mod crash;
mod model;
mod opening;
mod pressure;
mod reading;
mod storage;
mod support;
mod wal;
mod writing;
