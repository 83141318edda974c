//! Tools for speaking HTTP that know no domain: problems, JSON in, conditional answers, origins, addresses, headers.

pub mod address;
pub mod conditional;
pub mod cookies;
pub mod json;
pub mod origin;
pub mod paging;
pub mod problem;
pub mod request;
