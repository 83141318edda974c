//! The process of the server, or of a ceiling.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::Result;

/// How long a start or stop may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// A running program that prints its address.
pub struct Server {
    child: Child,
    pub address: SocketAddr,
}

impl Server {
    /// Starts the server on this storage directory and waits until it listens.
    pub async fn start(program: &Path, storage: &Path) -> Result<Self> {
        Self::start_with(program, storage, &[]).await
    }

    /// Starts the server with additional environment variables.
    pub async fn start_with(
        program: &Path,
        storage: &Path,
        settings: &[(&str, &str)],
    ) -> Result<Self> {
        let mut command = Command::new(program);
        command
            .env("STORAGE_PATH", storage)
            .env("PORT", "0")
            .env("LOG_FORMAT", "text")
            .env("LOG_LEVEL", "info")
            .env_remove("SECRET_KEY_BASE")
            .envs(settings.iter().copied());
        Self::spawn(command).await
    }

    /// Starts this program with one of its hidden commands.
    pub async fn start_ceiling(arguments: &[&str]) -> Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(arguments);
        Self::spawn(command).await
    }

    async fn spawn(mut command: Command) -> Result<Self> {
        let mut child = command.stdout(Stdio::piped()).kill_on_drop(true).spawn()?;
        let output = child.stdout.take().ok_or("no output")?;
        let mut lines = BufReader::new(output).lines();
        let mut printed = String::new();
        let address = tokio::time::timeout(TIMEOUT, async {
            while let Some(line) = lines.next_line().await? {
                if let Some((_, address)) = line.split_once("listening on http://") {
                    return Ok::<_, crate::Error>(Some(address.trim().parse()?));
                }
                printed.push_str(&line);
            }
            Ok(None)
        })
        .await??;
        let address = address.ok_or_else(|| format!("the server did not start: {printed}"))?;
        // Later output must not fill the pipe.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Ok(Self { child, address })
    }

    /// Kills it.
    pub async fn kill(mut self) -> Result<()> {
        self.child.kill().await?;
        Ok(())
    }

    /// Sends SIGTERM and waits for its end.
    pub async fn stop(mut self) -> Result<()> {
        let id = self.child.id().ok_or("the server has exited")?;
        Command::new("kill").arg("-TERM").arg(id.to_string()).status().await?;
        let status = tokio::time::timeout(TIMEOUT, self.child.wait()).await??;
        if status.success() {
            Ok(())
        } else {
            Err(format!("the server exited with {status}").into())
        }
    }

    /// Anonymous memory in kB: what the process holds itself. Pages of the program file are not
    /// counted, because the system drops and reloads them as it likes.
    pub fn memory(&self) -> Result<u64> {
        let status = std::fs::read_to_string(format!(
            "/proc/{}/status",
            self.child.id().ok_or("the server has exited")?
        ))?;
        let line = status.lines().find(|line| line.starts_with("RssAnon:")).ok_or("no RssAnon")?;
        Ok(line.split_whitespace().nth(1).ok_or("no RssAnon")?.parse()?)
    }

    /// Processor time used so far, user and system.
    pub fn cpu(&self) -> Result<Duration> {
        let stat = std::fs::read_to_string(format!(
            "/proc/{}/stat",
            self.child.id().ok_or("the server has exited")?
        ))?;
        let fields = stat.rsplit(')').next().unwrap_or("").split_whitespace().collect::<Vec<_>>();
        let ticks = |index: usize| {
            fields.get(index).and_then(|field| field.parse::<u64>().ok()).ok_or("no ticks")
        };
        // Linux reports hundredths of a second.
        Ok(Duration::from_millis((ticks(11)? + ticks(12)?) * 10))
    }
}
