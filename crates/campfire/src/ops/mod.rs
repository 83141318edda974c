//! Looking after a running installation: health, logs, the storage directory.

pub mod health;
pub mod logging;
pub mod memory;
pub mod removing;
pub mod storage;
pub mod timers;
