//! Users, sessions, the account, bans and the audit log. Depends on neither rooms nor messages.
//!
//! Functions that return [`db::Error`] fail only when the database does.

pub mod accounts;
pub mod audit;
pub mod bans;
pub mod blocks;
pub mod password_resets;
pub mod profile;
pub mod sessions;
pub mod transfers;
pub mod users;
