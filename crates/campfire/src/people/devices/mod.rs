//! The devices on which one is signed in, and leaving them. Whoever signs out takes along the push
//! subscription that the browser names; those that were made in a session end with it, and signing
//! out another device is told the audit.

pub mod routes;
