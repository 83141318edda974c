//! What every domain builds on: configuration, the application state, events, caches, the clock, ids
//! and the migrations of the database. Knows no domain.

pub mod app;
pub mod cache;
pub mod clock;
pub mod config;
pub mod events;
pub mod ids;
pub mod migrations;
pub mod streams;
pub mod tasks;
pub mod version;
