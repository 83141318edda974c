//! The devices on which one is signed in, and leaving them: a session ends, notifications there end with it, and the audit is told.

pub mod routes;
