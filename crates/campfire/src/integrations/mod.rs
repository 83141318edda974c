//! Programs and devices that take part: bots, webhooks and Web Push.

pub mod bots;
pub mod pushes;
pub mod webhooks;
