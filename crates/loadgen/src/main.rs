//! Benchmarks and crash tests of the server. They use its documented interface and Campfire's
//! database schema, and no code of the server.

mod baseline;
mod bench;
mod ceilings;
mod client;
mod compare;
mod crash;
mod deliveries;
mod delivery_checks;
mod fanout;
mod fault_modes;
mod fixture;
mod large_account;
mod message_checks;
mod pages;
mod posts;
mod push_checks;
mod push_services;
mod searches;
mod server;
mod slow_receivers;
mod statistics;
mod subscribers;
mod test_actors;
mod webhook_endpoints;
mod writers;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Any error: it ends the run and its text is printed.
pub type Error = Box<dyn std::error::Error + Send + Sync>;
/// A result whose error ends the run unless stated otherwise.
pub type Result<T, E = Error> = std::result::Result<T, E>;

#[derive(Parser)]
#[command(about = "Benchmarks and crash tests of a Campfire server")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Measure the server and compare it with what the machine can do at best; prints a Markdown
    /// table
    Bench {
        /// The server's executable
        #[arg(long, default_value = "target/release/campfire")]
        server: PathBuf,
        /// Run fewer rounds with smaller sizes
        #[arg(long)]
        quick: bool,
        /// Run only these parts, comma-separated
        #[arg(long, value_delimiter = ',', value_enum)]
        only: Vec<bench::Part>,
        /// Compare the server with this other build of it instead, in alternating rounds
        #[arg(long, conflicts_with = "only", value_name = "SERVER")]
        compare: Option<PathBuf>,
    },
    /// Kill the server at random times under load, then check that no acknowledged message, webhook
    /// call or push is lost
    Crash {
        /// The server's executable
        #[arg(long, default_value = "target/release/campfire")]
        server: PathBuf,
        /// How often to kill the server
        #[arg(long, default_value_t = 50)]
        cycles: u32,
        /// How many messages with mentions to post while webhook endpoints and push services fail
        /// and recover
        #[arg(long, default_value_t = 2000)]
        mentions: u32,
    },
    /// Ceiling for requests: responds to each one with the same bytes
    #[command(hide = true)]
    ServeBytes {
        /// Bytes of a response body
        #[arg(long)]
        size: usize,
    },
    /// Ceiling for fan-out: for each byte from the first connection, writes a frame to all others
    #[command(hide = true)]
    ServeSockets {
        /// Bytes of a frame's payload
        #[arg(long)]
        size: usize,
    },
}

#[expect(clippy::print_stderr, reason = "the result of a failed run")]
fn main() -> ExitCode {
    if let Err(error) = rlimit::increase_nofile_limit(u64::MAX) {
        eprintln!("failed to raise the limit of open files; continuing: {error}");
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("failed to start the runtime: {error}");
            return ExitCode::FAILURE;
        }
    };
    let result = runtime.block_on(async {
        match Arguments::parse().command {
            Command::Bench { server, quick, compare: Some(other), .. } => {
                bench::compare_builds(&server, &other, quick).await
            }
            Command::Bench { server, quick, only, compare: None } => {
                bench::run(&server, quick, &only).await
            }
            Command::Crash { server, cycles, mentions } => {
                crash::run(&server, cycles).await?;
                deliveries::run(&server, mentions, cycles).await
            }
            Command::ServeBytes { size } => ceilings::serve_bytes(size).await,
            Command::ServeSockets { size } => ceilings::serve_sockets(size).await,
        }
    });
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("FAILED: {error}");
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::print_stdout, reason = "the result")]
fn print_result(line: &str) {
    println!("{line}");
}
