//! The server's process: started, waited for, killed or asked to stop.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::Outcome;

/// How long a start or stop may take before something is wrong.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running program that says where it listens.
pub struct Server {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Server {
    /// Starts the server on this storage directory and waits until it listens.
    pub async fn start(program: &Path, storage: &Path) -> Outcome<Self> {
        Self::start_with(program, storage, &[]).await
    }

    /// The same with further settings.
    pub async fn start_with(
        program: &Path,
        storage: &Path,
        settings: &[(&str, &str)],
    ) -> Outcome<Self> {
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

    /// Starts this very program with a hidden command.
    pub async fn floor(arguments: &[&str]) -> Outcome<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(arguments);
        Self::spawn(command).await
    }

    async fn spawn(mut command: Command) -> Outcome<Self> {
        let mut child = command.stdout(Stdio::piped()).kill_on_drop(true).spawn()?;
        let output = child.stdout.take().ok_or("no output")?;
        let mut lines = BufReader::new(output).lines();
        let mut said = String::new();
        let address = tokio::time::timeout(PATIENCE, async {
            while let Some(line) = lines.next_line().await? {
                if let Some((_, address)) = line.split_once("listening on http://") {
                    return Outcome::Ok(Some(address.trim().parse()?));
                }
                said.push_str(&line);
            }
            Ok(None)
        })
        .await??;
        let address = address.ok_or_else(|| format!("the server did not start: {said}"))?;
        // What it says later must not fill the pipe.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Ok(Self { child, address })
    }

    /// Ends it without asking.
    pub async fn kill(mut self) -> Outcome<()> {
        self.child.kill().await?;
        Ok(())
    }

    /// Asks it to stop and waits until it has.
    pub async fn stop(mut self) -> Outcome<()> {
        let id = self.child.id().ok_or("it has ended already")?;
        Command::new("kill").arg("-TERM").arg(id.to_string()).status().await?;
        let status = tokio::time::timeout(PATIENCE, self.child.wait()).await??;
        if status.success() { Ok(()) } else { Err(format!("it ended with {status}").into()) }
    }

    /// Memory in KiB: what is resident.
    pub fn memory(&self) -> Outcome<u64> {
        let status = std::fs::read_to_string(format!(
            "/proc/{}/status",
            self.child.id().ok_or("it has ended")?
        ))?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).ok_or("no VmRSS")?;
        Ok(line.split_whitespace().nth(1).ok_or("no number")?.parse()?)
    }

    /// Processor time used so far, user and system.
    pub fn cpu(&self) -> Outcome<Duration> {
        let stat = std::fs::read_to_string(format!(
            "/proc/{}/stat",
            self.child.id().ok_or("it has ended")?
        ))?;
        let fields = stat.rsplit(')').next().unwrap_or("").split_whitespace().collect::<Vec<_>>();
        let ticks = |index: usize| {
            fields.get(index).and_then(|field| field.parse::<u64>().ok()).ok_or("no ticks")
        };
        // Linux counts in hundredths of a second for programs.
        Ok(Duration::from_millis((ticks(11)? + ticks(12)?) * 10))
    }
}
