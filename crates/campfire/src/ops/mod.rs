//! Looking after a running installation: health, logs, the storage directory.

pub mod health;
pub mod logging;
pub mod maintenance;
pub mod metrics;
pub mod process;
pub mod requests;
pub mod routes;
pub mod storage;
