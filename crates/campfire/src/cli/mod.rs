//! The command line. Errors take one line, and exit codes tell scripts what kind of error it was.

mod jobs;
mod store;
mod users;

use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};
use db::Connection;

use crate::core::config::{Config, Settings};
use crate::http::problem::chain;
use crate::ops::logging;
use crate::server::{self, StartError};

/// Exit code for an invalid setting or argument.
const CONFIGURATION: u8 = 2;
/// Exit code for an unusable storage directory.
const STORAGE: u8 = 3;
/// Exit code for anything else.
const FAILURE: u8 = 1;

#[derive(Parser)]
#[command(
    name = "campfire",
    version,
    about = "A self-hosted team chat",
    args_conflicts_with_subcommands = true
)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    settings: Settings,
}

#[derive(Subcommand)]
enum Command {
    /// Run the server (the default without a command)
    Serve {
        #[command(flatten)]
        settings: Box<Settings>,
    },
    /// List users, make administrators, reset passwords
    Users(users::Users),
    /// List, retry and discard jobs
    Jobs(jobs::Jobs),
    /// Print the OpenAPI document of the HTTP API
    Openapi,
}

/// Why a command failed, in one line.
#[derive(Debug)]
pub enum CommandError {
    Configuration(String),
    Storage(String),
    Other(String),
}

impl From<db::Error> for CommandError {
    fn from(error: db::Error) -> Self {
        Self::Storage(chain(&error))
    }
}

/// Runs the program with the process's arguments.
pub fn run() -> ExitCode {
    match Arguments::try_parse() {
        Ok(Arguments { command: Some(Command::Openapi), .. }) => print_openapi(),
        Ok(Arguments { command: Some(Command::Users(command)), .. }) => {
            end(users::run(command, &mut std::io::stdout()))
        }
        Ok(Arguments { command: Some(Command::Jobs(command)), .. }) => {
            end(jobs::run(command, &mut std::io::stdout()))
        }
        Ok(Arguments { command: Some(Command::Serve { settings }), .. }) => serve(*settings),
        Ok(Arguments { command: None, settings }) => serve(settings),
        Err(error) if error.use_stderr() => {
            let text = error.to_string();
            let line =
                text.lines().next().unwrap_or("invalid arguments").trim_start_matches("error: ");
            fail(CONFIGURATION, &format!("{line}; see campfire --help"))
        }
        // Help and version come as "errors" that belong on standard output.
        Err(help) => match help.print() {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::from(FAILURE),
        },
    }
}

fn end(result: Result<(), CommandError>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(CommandError::Configuration(line)) => fail(CONFIGURATION, &line),
        Err(CommandError::Storage(line)) => fail(STORAGE, &line),
        Err(CommandError::Other(line)) => fail(FAILURE, &line),
    }
}

/// How long to wait while another process locks the database.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Opens the database of a server, which may be running.
fn open(config: &Config) -> Result<Connection, CommandError> {
    let path = config.database_path.display();
    let storage = |problem: String| {
        CommandError::Storage(format!("STORAGE_PATH: can't use {path}: {problem}"))
    };
    let conn =
        store::open(&config.database_path, TIMEOUT).map_err(|error| storage(chain(&error)))?;
    conn.ok_or_else(|| {
        storage("start this version of campfire with it once, then try again".into())
    })
}

/// Runs `work` in a transaction.
fn write(
    conn: &mut Connection,
    work: impl FnOnce(&Connection) -> Result<String, CommandError>,
) -> Result<String, CommandError> {
    store::in_transaction(conn, |error| CommandError::Storage(chain(&error)), work)
}

fn serve(settings: Settings) -> ExitCode {
    let config = match settings.check() {
        Ok(config) => config,
        Err(error) => return fail(CONFIGURATION, &error.to_string()),
    };
    logging::start(&config.log);
    match server::run(config) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error @ StartError::Configuration(_)) => fail(CONFIGURATION, &error.to_string()),
        Err(error @ StartError::Storage(_)) => fail(STORAGE, &error.to_string()),
        Err(error) => fail(FAILURE, &error.to_string()),
    }
}

#[expect(clippy::print_stdout, reason = "the document is this command's output")]
fn print_openapi() -> ExitCode {
    match server::openapi().to_pretty_json() {
        Ok(document) => {
            println!("{document}");
            ExitCode::SUCCESS
        }
        Err(error) => fail(FAILURE, &error.to_string()),
    }
}

#[expect(clippy::print_stderr, reason = "the error message of a command that failed")]
fn fail(code: u8, line: &str) -> ExitCode {
    eprintln!("campfire: {line}");
    ExitCode::from(code)
}
