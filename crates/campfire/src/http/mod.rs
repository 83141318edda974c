//! Tools for speaking HTTP that know no domain: problems, JSON in, conditional answers, small
//! files, origins, addresses, headers.

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
