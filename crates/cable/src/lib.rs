//! cable
