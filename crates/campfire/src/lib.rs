//! Campfire, the team chat that a company runs itself. This crate is the product; the engines it
//! builds on (`cable`, `db`, `rails_compat`, `rich_text`) know nothing about chat.
//!
//! Modules use only those further down this list: [`server`] and [`cli`] · [`live`], [`frontend`],
//! [`ops`] · [`people`] · [`integrations`] · [`messages`] · [`rooms`] · [`identity`] · [`jobs`] ·
//! [`core`] · [`http`] · the engine crates. `tests/modules.rs` checks it.

// Names say what a field or function is; a doc comment is for what the name cannot say.
#![allow(missing_docs)]

pub mod cli;
pub mod core;
pub mod frontend;
pub mod http;
pub mod identity;
pub mod integrations;
pub mod jobs;
pub mod live;
pub mod messages;
pub mod ops;
pub mod people;
pub mod rooms;
pub mod server;
