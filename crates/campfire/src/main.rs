//! The `campfire` program.

use std::process::ExitCode;

/// Thousands of idle sockets cost a third of the memory they cost with the system's allocator.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    campfire::cli::run()
}
