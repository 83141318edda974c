//! Tools for speaking HTTP that know no domain: problems, JSON in, conditional answers, small
//! files, origins, addresses, headers.

pub mod address;
pub mod conditional;
pub mod cookies;
pub mod documented;
pub mod json;
pub mod media;
pub mod origin;
pub mod outbound;
pub mod paging;
pub mod path;
pub mod problem;
pub mod reach;
pub mod request;
