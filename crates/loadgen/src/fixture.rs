//! A fixture to measure with: the storage directory of a server that has been set up, with people
//! and messages written directly to its database.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, params};

use crate::Result;
use crate::client::Client;
use crate::server::Server;

/// A storage directory.
pub struct Fixture {
    /// Removed on drop.
    pub storage: tempfile::TempDir,
    /// The people's session tokens; the first is the administrator's.
    pub tokens: Vec<String>,
}

impl Fixture {
    /// Lets the server create its storage and set it up, stops it, and adds people until there are
    /// `people`.
    pub async fn create(program: &Path, people: usize) -> Result<Self> {
        let storage = tempfile::Builder::new().prefix("campfire-loadgen-").tempdir()?;
        let server = Server::start(program, storage.path()).await?;
        let mut client = Client::connect(server.address, "").await?;
        let body = r#"{"name":"Ada Lovelace","email_address":"ada@example.com","password":"correct horse"}"#;
        client.post("/api/v1/first_run", body).await?.json(&[201])?;
        drop(client);
        server.stop().await?;
        let mut fixture = Self { storage, tokens: Vec::new() };
        fixture.populate(people)?;
        Ok(fixture)
    }

    pub fn database(&self) -> PathBuf {
        self.storage.path().join("db/production.sqlite3")
    }

    fn populate(&mut self, people: usize) -> Result<()> {
        let mut conn = Connection::open(self.database())?;
        let tx = conn.transaction()?;
        self.tokens =
            vec![
                tx.query_row("SELECT token FROM sessions WHERE user_id = 1", [], |row| row.get(0))?,
            ];
        let now = "2026-01-01 00:00:00.000000";
        for number in 2..=people {
            let token = format!("Person{number:018}");
            tx.execute(
                "INSERT INTO users (id, name, email_address, password_digest, created_at, updated_at) VALUES (?1, ?2, ?3, 'none', ?4, ?4)",
                params![number, format!("Person {number}"), format!("person{number}@example.com"), now],
            )?;
            tx.execute(
                "INSERT INTO memberships (room_id, user_id, involvement, created_at, updated_at) VALUES (1, ?1, 'mentions', ?2, ?2)",
                params![number, now],
            )?;
            tx.execute(
                "INSERT INTO sessions (user_id, token, last_active_at, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?4)",
                params![number, token, "2099-01-01 00:00:00.000000", now],
            )?;
            self.tokens.push(token);
        }
        tx.commit()?;
        Ok(())
    }

    /// Adds messages to the first room, one per second in the past.
    pub fn fill(&self, messages: u32) -> Result<()> {
        let mut conn = Connection::open(self.database())?;
        let tx = conn.transaction()?;
        {
            let mut message = tx.prepare(
                "INSERT INTO messages (room_id, creator_id, client_message_id, created_at, updated_at)
                 VALUES (1, 1, ?1, strftime('%Y-%m-%d %H:%M:%f000', 1600000000 + ?2, 'unixepoch'), '2026-01-01 00:00:00.000000')",
            )?;
            let mut text = tx.prepare(
                "INSERT INTO action_text_rich_texts (name, body, record_type, record_id, created_at, updated_at)
                 VALUES ('body', ?1, 'Message', ?2, '2026-01-01 00:00:00.000000', '2026-01-01 00:00:00.000000')",
            )?;
            let mut index =
                tx.prepare("INSERT INTO message_search_index (rowid, body) VALUES (?1, ?2)")?;
            for number in 0..messages {
                message.execute(params![format!("fill-{number}"), number])?;
                let id = tx.last_insert_rowid();
                let words = sentence(number);
                text.execute(params![format!("<div>{words}</div>"), id])?;
                index.execute(params![id, words])?;
            }
        }
        tx.commit()?;
        Ok(())
    }
}

/// About a hundred bytes of text, different for each number.
pub fn sentence(number: u32) -> String {
    const WORDS: [&str; 16] = [
        "river", "lantern", "quiet", "harbour", "copper", "meadow", "signal", "velvet", "orchard",
        "thunder", "paper", "window", "garden", "morning", "bridge", "winter",
    ];
    let word = |shift: u32| {
        WORDS[((number >> shift) ^ number.wrapping_mul(2_654_435_761)) as usize % WORDS.len()]
    };
    format!(
        "message {number}: the {} near the {} was {} until {} and {} came by the {}",
        word(0),
        word(3),
        word(6),
        word(9),
        word(12),
        word(15)
    )
}
