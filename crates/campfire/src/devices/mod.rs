//! The devices on which one is signed in, and leaving them. Whoever signs out takes along the push subscription that the browser names;
//! signing out another device leaves its subscription, which belongs to no session, and is told the audit.

pub mod routes;
