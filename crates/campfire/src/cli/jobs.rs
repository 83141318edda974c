//! `campfire jobs`: lists, retries and discards jobs. Works while the server runs.

use clap::{Args, Subcommand, ValueEnum};

use super::{CommandError, open, write};
use crate::core::clock::Clock;
use crate::core::config::Settings;
use crate::jobs::store;

/// Jobs per list.
const MAX_LISTED: usize = 1_000;

/// `campfire jobs …`.
#[derive(Args)]
pub struct Jobs {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    settings: Box<Settings>,
}

#[derive(Clone, Copy, ValueEnum)]
enum State {
    /// Waiting to run
    Waiting,
    /// Running
    Leased,
    /// Failed for good
    Dead,
}

impl State {
    fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Leased => "leased",
            Self::Dead => "dead",
        }
    }
}

/// One job, or all dead jobs.
#[derive(Args)]
#[group(required = true, multiple = false)]
struct Selection {
    /// The job's ID, as shown in the list
    id: Option<i64>,
    /// All dead jobs
    #[arg(long)]
    all_dead: bool,
}

#[derive(Subcommand)]
enum Command {
    /// List jobs, oldest first: ID, kind, state, failed attempts, next run, destination, last error
    List {
        /// Only jobs in this state
        #[arg(long, value_enum)]
        state: Option<State>,
    },
    /// Retry dead jobs
    Retry(Selection),
    /// Discard jobs without running them
    Drop(Selection),
}

/// Runs the command and writes its output to `out`.
pub fn run(jobs: Jobs, out: &mut dyn std::io::Write) -> Result<(), CommandError> {
    let config =
        jobs.settings.check().map_err(|error| CommandError::Configuration(error.to_string()))?;
    let mut conn = open(&config)?;
    let text = match jobs.command {
        Command::List { state } => list(&conn, state)?,
        Command::Retry(which) => write(&mut conn, |conn| {
            summary(
                store::retry(conn, which.id, Clock::system().now())?,
                &which,
                "queued again",
                "a dead job",
            )
        })?,
        Command::Drop(which) => write(&mut conn, |conn| {
            summary(store::discard(conn, which.id)?, &which, "discarded", "a job")
        })?,
    };
    out.write_all(text.as_bytes()).map_err(|error| CommandError::Other(error.to_string()))
}

fn list(conn: &db::Connection, state: Option<State>) -> Result<String, CommandError> {
    let jobs = store::list(conn, state.map(State::as_str), MAX_LISTED)?;
    let mut text = String::new();
    for job in &jobs {
        let failure = job.failure.as_deref().unwrap_or("-").replace(char::is_control, " ");
        text += &format!(
            "{}\t{}\t{}\t{}\t{}\t{}\t{failure}\n",
            job.id, job.kind, job.state, job.attempts, job.run_at, job.destination
        );
    }
    if jobs.len() == MAX_LISTED {
        text += &format!("showing only the first {MAX_LISTED} jobs\n");
    }
    Ok(text)
}

fn summary(
    count: usize,
    which: &Selection,
    done: &str,
    what: &str,
) -> Result<String, CommandError> {
    match (count, which.id) {
        (0, Some(id)) => Err(CommandError::Other(format!(
            "{id} is not the ID of {what}; see campfire jobs list"
        ))),
        (1, _) => Ok(format!("1 job {done}\n")),
        (count, _) => Ok(format!("{count} jobs {done}\n")),
    }
}
