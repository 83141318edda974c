//! HTTP tools that know no domain: problem responses, JSON bodies, conditional requests, media
//! files, paging, the same-origin check, client IP addresses, outbound calls and their network
//! policy.

pub mod client_ip;
pub mod conditional;
pub mod cookies;
pub mod json;
pub mod media;
pub mod network_policy;
pub mod openapi_defaults;
pub mod origin;
pub mod outbound;
pub mod paging;
pub mod path;
pub mod private_origins;
pub mod problem;
pub mod request;
