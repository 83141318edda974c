//! Searching: the full-text index that every message is entered into.

pub mod store;
