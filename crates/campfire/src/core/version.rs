//! Which build this is.

/// The version of this build.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
/// The revision of this build, if it was built with `GIT_REVISION`.
pub const REVISION: Option<&str> = option_env!("GIT_REVISION");
