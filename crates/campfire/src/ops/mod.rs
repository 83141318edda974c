//! Looking after a running installation: health, logs, the storage directory.

pub mod figures;
pub mod health;
pub mod logging;
pub mod memory;
pub mod observing;
pub mod process;
pub mod removing;
pub mod requests;
pub mod storage;
pub mod timers;
