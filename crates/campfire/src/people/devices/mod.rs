//! A user's devices, and signing them out. Signing out also deletes the push subscription that the
//! browser names, and those created in that session. Signing out another device is recorded in the
//! audit log.

pub mod routes;
