//! `campfire users`: user administration at the command line. Works while the server runs, which
//! notices the changes.

use std::io::Read;

use clap::{Args, Subcommand};
use db::Connection;

use super::{CommandError, open, write};
use crate::core::clock::Clock;
use crate::core::config::{Config, Settings};
use crate::core::ids::UserId;
use crate::identity::audit::{self, Actor, Subject};
use crate::identity::password_resets;
use crate::identity::sessions;
use crate::identity::users::fields::NewPassword;
use crate::identity::users::store::{self as user_store, Changes};
use crate::identity::users::{Role, Status};

/// `campfire users …`.
#[derive(Args)]
pub struct Users {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    settings: Box<Settings>,
}

#[derive(Subcommand)]
enum Command {
    /// List all users: ID, role, status, email address, name
    List,
    /// Print the path of a password reset link, valid once and for a day
    ResetPassword {
        /// The user's email address
        email: String,
        /// Instead of printing a link, read the new password from standard input and sign the user
        /// out everywhere
        #[arg(long)]
        password_stdin: bool,
    },
    /// Make a user an administrator
    MakeAdmin {
        /// The user's email address
        email: String,
    },
}

/// Runs the command and writes its output to `out`.
pub fn run(users: Users, out: &mut dyn std::io::Write) -> Result<(), CommandError> {
    let config =
        users.settings.check().map_err(|error| CommandError::Configuration(error.to_string()))?;
    let mut conn = open(&config)?;
    let text = match users.command {
        Command::List => list(&conn)?,
        Command::MakeAdmin { email } => write(&mut conn, |conn| make_admin(conn, &email))?,
        Command::ResetPassword { email, password_stdin: false } => {
            write(&mut conn, |conn| link(conn, &email))?
        }
        Command::ResetPassword { email, password_stdin: true } => {
            let digest = digest(&config)?;
            write(&mut conn, |conn| set_password(conn, &email, digest))?
        }
    };
    out.write_all(text.as_bytes()).map_err(|error| CommandError::Other(error.to_string()))
}

fn list(conn: &Connection) -> Result<String, CommandError> {
    let mut text = String::new();
    for entry in user_store::list(conn)? {
        let (role, status) = (entry.role.as_str(), entry.status.as_str());
        let address = entry.email_address.as_deref().unwrap_or("-");
        text += &format!(
            "{}\t{role}\t{status}\t{address}\t{}\n",
            entry.id.0,
            entry.name.replace(char::is_control, " ")
        );
    }
    Ok(text)
}

/// Finds an active user by email address.
fn find(conn: &Connection, email: &str) -> Result<(UserId, String, Role), CommandError> {
    let wanted = email.trim().to_lowercase();
    let found = user_store::list(conn)?.into_iter().find(|entry| {
        entry.status == Status::Active
            && entry
                .email_address
                .as_deref()
                .is_some_and(|address| address.to_lowercase() == wanted)
    });
    let entry = found.ok_or_else(|| {
        CommandError::Other(format!(
            "no active user has the email address {email}; see campfire users list"
        ))
    })?;
    Ok((entry.id, entry.name, entry.role))
}

fn operator() -> Actor {
    Actor { user: None, ip_address: None }
}

fn make_admin(conn: &Connection, email: &str) -> Result<String, CommandError> {
    let (id, name, role) = find(conn, email)?;
    if role == Role::Administrator {
        return Ok(format!("{name} is already an administrator\n"));
    }
    let now = Clock::system().now();
    user_store::set_role(conn, id, Role::Administrator, now)?;
    audit::store::insert(
        conn,
        &operator(),
        "user.role_changed",
        Some(&Subject::user(id, &name)),
        "member → administrator",
        now,
    )?;
    Ok(format!("{name} is now an administrator\n"))
}

fn link(conn: &Connection, email: &str) -> Result<String, CommandError> {
    let (id, name, _) = find(conn, email)?;
    let (token, digest) = password_resets::token();
    let now = Clock::system().now();
    password_resets::store::insert(
        conn,
        id,
        &digest,
        now,
        now.plus_seconds(password_resets::LIFETIME),
    )?;
    audit::store::insert(
        conn,
        &operator(),
        "user.password_reset_link",
        Some(&Subject::user(id, &name)),
        "at the command line",
        now,
    )?;
    Ok(password_resets::path(&token) + "\n")
}

/// Hashes the password on standard input, without the line ending.
fn digest(config: &Config) -> Result<String, CommandError> {
    let mut text = String::new();
    let limit = 1_024;
    std::io::stdin()
        .take(limit)
        .read_to_string(&mut text)
        .map_err(|error| CommandError::Other(error.to_string()))?;
    let password =
        NewPassword::parse(text.trim_end_matches(['\r', '\n'])).map_err(CommandError::Other)?;
    sessions::passwords::digest_blocking(password.expose(), config.password_cost)
        .map_err(|error| CommandError::Other(error.to_string()))
}

fn set_password(conn: &Connection, email: &str, digest: String) -> Result<String, CommandError> {
    let (id, name, _) = find(conn, email)?;
    let now = Clock::system().now();
    user_store::update(conn, id, &Changes { digest: Some(digest), ..Changes::default() }, now)?;
    password_resets::store::delete(conn, id)?;
    let ended = sessions::store::delete_all(conn, id)?;
    let detail = format!("{ended} devices, after a password reset at the command line");
    audit::store::insert(
        conn,
        &operator(),
        "session.revoked",
        Some(&Subject::user(id, &name)),
        &detail,
        now,
    )?;
    Ok(format!("set a new password for {name} and signed them out everywhere\n"))
}
