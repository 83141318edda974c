//! Campfire: the team chat that a company runs itself. This crate is the product; the engines it
//! stands on (`cable`, `db`, `rails_compat`, `rich_text`) know nothing of chat.
//!
//! From the ground up: [`http`] (tools that know no domain), [`app`] (the state every handler
//! gets), the domains ([`accounts`], [`users`], [`sessions`], [`memberships`], [`notices`],
//! [`rooms`], [`messages`], [`pushes`], [`searches`], [`sounds`], [`webhooks`]), what uses several
//! of them ([`arrivals`], [`devices`], [`changes`], [`boosts`], [`inbox`], [`bookmarks`],
//! [`directory`], [`preferences`], [`bots`]), [`live`] (channel names to domains) and [`pages`],
//! and at the top [`server`], [`ops`] and [`cli`]. Arrows run down only.

pub mod accounts;
pub mod administration;
pub mod announce;
pub mod app;
pub mod arrivals;
pub mod audit;
pub mod bans;
pub mod blocks;
pub mod bookmarks;
pub mod boosts;
pub mod bots;
pub mod changes;
pub mod cli;
pub mod config;
pub mod devices;
pub mod directory;
pub mod http;
pub mod ids;
pub mod inbox;
pub mod jobs;
pub mod live;
pub mod memberships;
pub mod memory;
pub mod messages;
pub mod migrations;
pub mod notices;
pub mod ops;
pub mod pages;
pub mod preferences;
pub mod profile;
pub mod pushes;
pub mod removals;
pub mod resets;
pub mod rooms;
pub mod searches;
pub mod server;
pub mod sessions;
pub mod sounds;
pub mod time;
pub mod transfers;
pub mod users;
pub mod webhooks;
