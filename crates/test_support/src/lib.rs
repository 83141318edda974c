//! Test doubles for the server's tests and for `loadgen`: clients of its HTTP interface and its
//! cable, and the systems that it calls, which are webhook endpoints and push services. Written
//! against the documented interface and the RFCs; depends on no code of the server.

pub mod cable_client;
pub mod endpoint;
pub mod http_client;
pub mod push_service;
pub mod web_push;
pub mod webhook_endpoint;
