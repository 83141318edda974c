//! `campfire jobs`: what is to be sent and what was given up, for an operator at the command line,
//! also while the server runs.

use clap::{Args, Subcommand, ValueEnum};

use super::{CommandError, Done, open, write};
use crate::core::clock::Clock;
use crate::core::config::Settings;
use crate::jobs::store;

/// Jobs that are listed at once.
const LISTED: usize = 1_000;

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
    /// Its turn comes
    Waiting,
    /// Being done
    Leased,
    /// Given up
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

/// One job, or all that were given up.
#[derive(Args)]
#[group(required = true, multiple = false)]
struct Selection {
    /// The job's number, as the list shows it
    id: Option<i64>,
    /// All that were given up
    #[arg(long)]
    all_dead: bool,
}

#[derive(Subcommand)]
enum Command {
    /// List jobs, oldest first: number, kind, state, failed attempts, when it is its turn,
    /// destination, last failure
    List {
        /// Only those in this state
        #[arg(long, value_enum)]
        state: Option<State>,
    },
    /// Try again what was given up
    Retry(Selection),
    /// Drop jobs: they are never done
    Drop(Selection),
}

/// Runs the command; what it says goes to `out`.
///
/// # Errors
/// What could not be done, in one line.
pub fn run(jobs: Jobs, out: &mut dyn std::io::Write) -> Result<Done, CommandError> {
    let config =
        jobs.settings.check().map_err(|error| CommandError::Configuration(error.to_string()))?;
    let mut conn = open(&config)?;
    let text = match jobs.command {
        Command::List { state } => list(&conn, state)?,
        Command::Retry(which) => write(&mut conn, |conn| {
            summary(
                store::retry(conn, which.id, Clock::system().now())?,
                &which,
                "tried again",
                "a job that was given up",
            )
        })?,
        Command::Drop(which) => write(&mut conn, |conn| {
            summary(store::discard(conn, which.id)?, &which, "dropped", "a job")
        })?,
    };
    out.write_all(text.as_bytes()).map_err(|error| CommandError::Other(error.to_string()))?;
    Ok(Done)
}

fn list(conn: &db::Connection, state: Option<State>) -> Result<String, CommandError> {
    let jobs = store::list(conn, state.map(State::as_str), LISTED)?;
    let mut text = String::new();
    for job in &jobs {
        let failure = job.failure.as_deref().unwrap_or("-").replace(char::is_control, " ");
        text += &format!(
            "{}\t{}\t{}\t{}\t{}\t{}\t{failure}\n",
            job.id, job.kind, job.state, job.attempts, job.run_at, job.destination
        );
    }
    if jobs.len() == LISTED {
        text += &format!("only the first {LISTED} are shown\n");
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
            "{id} is not the number of {what}; see campfire jobs list"
        ))),
        (1, _) => Ok(format!("1 job is {done}\n")),
        (count, _) => Ok(format!("{count} jobs are {done}\n")),
    }
}
