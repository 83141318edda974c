//! A client that measures the server, and one that tries to make it break its word. Knows no server
//! crate: what it relies on is the documented interface and Campfire's schema.

mod baseline;
mod bench;
mod beside;
mod cast;
mod checks;
mod client;
mod crash;
mod crowd;
mod deliveries;
mod delivery_checks;
mod fanout;
mod floor;
mod index_cost;
mod mentions;
mod moods;
mod neighbours;
mod numbers;
mod pages;
mod posts;
mod push_checks;
mod push_services;
mod receivers;
mod searches;
mod server;
mod sockets;
mod world;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// What goes wrong here ends the run; the text says what it was.
pub type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

#[derive(Parser)]
#[command(about = "Measures a Campfire server and tries to make it break its word")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Measure everything beside what the machine could do at best; prints a Markdown table
    Bench {
        /// The server's program
        #[arg(long, default_value = "target/release/campfire")]
        server: PathBuf,
        /// Fewer rounds and smaller sizes
        #[arg(long)]
        quick: bool,
        /// Only these parts, comma-separated
        #[arg(long, value_delimiter = ',', value_enum)]
        only: Vec<bench::Part>,
        /// Another build of the server: only the two are compared, in turns
        #[arg(long, conflicts_with = "only")]
        beside: Option<PathBuf>,
    },
    /// Kill the server at random moments while posting at full speed, then look whether it kept its
    /// word
    Crash {
        /// The server's program
        #[arg(long, default_value = "target/release/campfire")]
        server: PathBuf,
        /// How often it is killed
        #[arg(long, default_value_t = 50)]
        cycles: u32,
        /// How many messages that mention bots and people are posted meanwhile, to receivers and
        /// push services that fail and come back
        #[arg(long, default_value_t = 2000)]
        mentions: u32,
    },
    /// A floor to measure against: answers every request with the same bytes
    #[command(hide = true)]
    ServeBytes {
        /// How many bytes
        #[arg(long)]
        size: usize,
    },
    /// A floor to measure against: on each byte of its first connection writes a frame to all
    /// others
    #[command(hide = true)]
    ServeSockets {
        /// How many bytes a frame has
        #[arg(long)]
        size: usize,
    },
}

#[expect(clippy::print_stderr, reason = "the last word of a run that failed")]
fn main() -> ExitCode {
    if let Err(error) = rlimit::increase_nofile_limit(u64::MAX) {
        eprintln!("could not raise the limit of open files: {error}");
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("could not start: {error}");
            return ExitCode::FAILURE;
        }
    };
    let done = runtime.block_on(async {
        match Arguments::parse().command {
            Command::Bench { server, quick, beside: Some(other), .. } => {
                bench::compare(&server, &other, quick).await
            }
            Command::Bench { server, quick, only, beside: None } => {
                bench::run(&server, quick, &only).await
            }
            Command::Crash { server, cycles, mentions } => {
                crash::run(&server, cycles).await?;
                deliveries::run(&server, mentions, cycles).await
            }
            Command::ServeBytes { size } => floor::serve_bytes(size).await,
            Command::ServeSockets { size } => floor::serve_sockets(size).await,
        }
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("FAILED: {error}");
            ExitCode::FAILURE
        }
    }
}
