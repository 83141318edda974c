//! Who people are and how they prove it: users, sessions, the account, bans, the audit log. Knows no
//! room and no message.

pub mod accounts;
pub mod audit;
pub mod bans;
pub mod blocks;
pub mod password_resets;
pub mod profile;
pub mod sessions;
pub mod transfers;
pub mod users;
