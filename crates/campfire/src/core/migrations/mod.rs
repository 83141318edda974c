//! Database migrations, from an empty file or a database of Campfire (Rails). They only add; they
//! never rename, drop or reinterpret what Rails reads.

use db::{Migration, Step};
use rusqlite::Transaction;

/// The number of Rails' migrations that this program requires. Campfire must upgrade a database with
/// fewer first.
const RAILS_MIGRATIONS: usize = 15;

/// All migrations, in order.
pub const ALL: [Migration; 11] = [
    Migration { version: 1, name: "check what is there", step: Step::Code(check) },
    Migration {
        version: 2,
        name: "Campfire (Rails)",
        step: Step::Sql(include_str!("0002_campfire_rails.sql")),
    },
    Migration {
        version: 3,
        name: "messages in order",
        step: Step::Sql(include_str!("0003_own_indexes.sql")),
    },
    Migration { version: 4, name: "unique client ids", step: Step::Code(unique_client_ids) },
    Migration {
        version: 5,
        name: "messages in full",
        step: Step::Sql(include_str!("0005_messages_in_full.sql")),
    },
    Migration {
        version: 6,
        name: "rooms, people and the account",
        step: Step::Sql(include_str!("0006_rooms_people_account.sql")),
    },
    Migration { version: 7, name: "jobs", step: Step::Sql(include_str!("0007_jobs.sql")) },
    Migration { version: 8, name: "search", step: Step::Sql(include_str!("0008_search.sql")) },
    Migration { version: 9, name: "webhooks", step: Step::Sql(include_str!("0009_webhooks.sql")) },
    Migration {
        version: 10,
        name: "jobs by their turn",
        step: Step::Sql(include_str!("0010_jobs_by_turn.sql")),
    },
    Migration {
        version: 11,
        name: "notifications end with their session",
        step: Step::Sql(include_str!("0011_push_sessions.sql")),
    },
];

/// Refuses a database of another application, or of an older Campfire.
fn check(tx: &Transaction<'_>) -> Result<(), String> {
    let has_table = |name: &str| {
        tx.query_row(
            "SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?1)",
            [name],
            |row| row.get::<_, bool>(0),
        )
        .map_err(|error| error.to_string())
    };
    if !has_table("schema_migrations")? {
        return if has_table("users")? || has_table("messages")? {
            Err("this is not a Campfire database".into())
        } else {
            Ok(())
        };
    }
    let known: i64 = tx
        .query_row(
            "SELECT count(*) FROM schema_migrations WHERE version <= '20251212154340'",
            [],
            |row| row.get(0),
        )
        .map_err(|error| error.to_string())?;
    if usize::try_from(known).unwrap_or(0) < RAILS_MIGRATIONS {
        return Err("this database is from an older Campfire; start the latest Campfire (Rails) on it once, then try again".into());
    }
    Ok(())
}

/// Makes `client_message_id` unique per room. Existing messages may repeat it, so the index starts
/// after them; where it starts is stored for the statements that use it.
fn unique_client_ids(tx: &Transaction<'_>) -> Result<(), String> {
    let text = |error: rusqlite::Error| error.to_string();
    let last: i64 = tx
        .query_row("SELECT coalesce(max(id), 0) FROM messages", [], |row| row.get(0))
        .map_err(text)?;
    tx.execute_batch(&format!(
        "CREATE TABLE campfire_facts (name text PRIMARY KEY NOT NULL, value integer NOT NULL) WITHOUT ROWID;
         INSERT INTO campfire_facts (name, value) VALUES ('last_foreign_message_id', {last});
         CREATE UNIQUE INDEX campfire_messages_by_client_id ON messages (room_id, client_message_id) WHERE id > {last};"
    ))
    .map_err(text)
}
