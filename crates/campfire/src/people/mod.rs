//! Sign-up, the user directory, devices, preferences and administration. Depends on `rooms` and
//! `messages`: signing up grants rooms, and banning a user purges their messages.

pub mod admin;
pub mod bots;
pub mod devices;
pub mod directory;
pub mod preferences;
pub mod signup;
