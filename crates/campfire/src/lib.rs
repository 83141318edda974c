//! Campfire: the team chat that a company runs itself. This crate is the product; the engines it
//! stands on (`cable`, `db`, `rails_compat`, `rich_text`) know nothing of chat.
//!
//! Arrows between modules run down this list only: [`server`] and [`cli`] · [`live`], [`frontend`],
//! [`ops`] · [`people`] · [`integrations`] · [`messages`] · [`rooms`] · [`identity`] · [`jobs`] ·
//! [`http`] · [`core`] · the engine crates.

// Names and signatures say most of it; what the API document shows has descriptions.
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
