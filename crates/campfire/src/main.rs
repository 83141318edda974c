//! campfire
fn main() {}
