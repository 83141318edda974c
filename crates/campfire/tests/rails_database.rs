//! A database created by Campfire (Rails) opens in place and stays usable for Campfire.

mod support;

use std::collections::BTreeMap;
use std::sync::Arc;

use rusqlite::Connection;
use serde_json::json;
use support::{Client, TestServer};

/// The Rails schema, written independently of our migrations: table, columns, indexes.
const TABLES: &[(&str, &str, &[&str])] = &[
    (
        "accounts",
        "name varchar!, join_code varchar!, custom_styles text, settings json, singleton_guard integer!=0, @",
        &["u singleton_guard"],
    ),
    (
        "users",
        "name varchar!, email_address varchar, password_digest varchar, role integer!=0, status integer!=0, bio text, bot_token varchar, @",
        &["u email_address", "u bot_token"],
    ),
    ("rooms", "name varchar, type varchar!, creator_id bigint!, @", &[]),
    (
        "memberships",
        "room_id integer!, user_id integer!, involvement varchar='mentions', unread_at datetime(6), connected_at datetime(6), connections integer!=0, @",
        &["- room_id+created_at", "u room_id+user_id", "- room_id", "- user_id"],
    ),
    (
        "messages",
        "room_id integer!, creator_id integer!, client_message_id varchar!, @",
        &["- creator_id", "- room_id", "f room_id>rooms", "f creator_id>users"],
    ),
    (
        "boosts",
        "message_id integer!, booster_id integer!, content varchar(16)!, @",
        &["- booster_id", "- message_id", "f message_id>messages"],
    ),
    (
        "sessions",
        "user_id integer!, token varchar!, ip_address varchar, user_agent varchar, last_active_at datetime(6)!, @",
        &["u token", "- user_id", "f user_id>users"],
    ),
    (
        "bans",
        "user_id integer!, ip_address varchar!, @",
        &["- ip_address", "- user_id", "f user_id>users"],
    ),
    ("webhooks", "user_id integer!, url varchar, @", &["- user_id", "f user_id>users"]),
    (
        "push_subscriptions",
        "user_id integer!, endpoint varchar, p256dh_key varchar, auth_key varchar, user_agent varchar, @",
        &["- endpoint+p256dh_key+auth_key", "- user_id", "f user_id>users"],
    ),
    ("searches", "user_id integer!, query varchar!, @", &["- user_id", "f user_id>users"]),
    (
        "action_text_rich_texts",
        "name varchar!, body text, record_type varchar!, record_id bigint!, @",
        &["u record_type+record_id+name"],
    ),
    (
        "active_storage_blobs",
        "key varchar!, filename varchar!, content_type varchar, metadata text, service_name varchar!, byte_size bigint!, checksum varchar, created_at datetime(6)!",
        &["u key"],
    ),
    (
        "active_storage_attachments",
        "name varchar!, record_type varchar!, record_id bigint!, blob_id bigint!, created_at datetime(6)!",
        &["- blob_id", "u record_type+record_id+name+blob_id", "f blob_id>active_storage_blobs"],
    ),
    (
        "active_storage_variant_records",
        "blob_id bigint!, variation_digest varchar!",
        &["u blob_id+variation_digest", "f blob_id>active_storage_blobs"],
    ),
];

const VERSIONS: &str = "20231215043540 20231220143106 20240110071740 20240115124901 20240130003150 20240130213001 20240131105830 20240209110503 \
    20250825100957 20250825100958 20250825100959 20251126092013 20251126115722 20251126130131 20251212154340";

/// Hundreds of rows of every kind, in all forms that Campfire writes.
const ROWS: &str = include_str!("fixtures/campfire_rails.sql");

fn columns(notation: &str) -> Vec<(String, String, bool, Option<String>)> {
    let notation = notation.replace('@', "created_at datetime(6)!, updated_at datetime(6)!");
    let column = |text: &str| {
        let (name, kind) = text.trim().split_once(' ').expect("name and type");
        let (kind, default) = kind
            .split_once('=')
            .map_or((kind, None), |(kind, default)| (kind, Some(default.to_owned())));
        (name.to_owned(), kind.trim_end_matches('!').to_owned(), kind.ends_with('!'), default)
    };
    std::iter::once(("id".to_owned(), "integer".to_owned(), true, None))
        .chain(notation.split(", ").map(column))
        .collect()
}

/// Creates a database as Rails would, with rows.
fn rails_database() -> Arc<tempfile::TempDir> {
    let storage = tempfile::tempdir().expect("a directory");
    std::fs::create_dir_all(storage.path().join("db")).expect("created");
    let conn = Connection::open(storage.path().join("db/production.sqlite3")).expect("opens");
    conn.execute_batch("PRAGMA journal_mode = WAL").expect("WAL");
    for (table, notation, constraints) in TABLES {
        let mut parts = vec!["\"id\" integer PRIMARY KEY AUTOINCREMENT NOT NULL".to_owned()];
        for (name, kind, required, default) in columns(notation).into_iter().skip(1) {
            let default = default.map(|default| format!(" DEFAULT {default}")).unwrap_or_default();
            parts.push(format!(
                "\"{name}\" {kind}{default}{}",
                if required { " NOT NULL" } else { "" }
            ));
        }
        for reference in constraints.iter().filter_map(|constraint| constraint.strip_prefix("f ")) {
            let (column, other) = reference.split_once('>').expect("a reference");
            parts.push(format!("FOREIGN KEY (\"{column}\") REFERENCES \"{other}\" (\"id\")"));
        }
        conn.execute_batch(&format!("CREATE TABLE \"{table}\" ({})", parts.join(", ")))
            .expect(table);
        for index in constraints.iter().filter(|constraint| !constraint.starts_with('f')) {
            let unique = if index.starts_with('u') { "UNIQUE" } else { "" };
            let on = index[2..].replace('+', ", ");
            let name = match index[2..].matches('+').count() {
                2.. if *table == "push_subscriptions" => {
                    "idx_on_endpoint_p256dh_key_auth_key_7553014576".to_owned()
                }
                1.. if table.starts_with("act") => format!("index_{table}_uniqueness"),
                _ => format!("index_{table}_on_{}", index[2..].replace('+', "_and_")),
            };
            conn.execute_batch(&format!("CREATE {unique} INDEX \"{name}\" ON \"{table}\" ({on})"))
                .expect(index);
        }
    }
    conn.execute_batch(
        "CREATE VIRTUAL TABLE message_search_index USING fts5(body, tokenize=porter);
         CREATE TABLE schema_migrations (version varchar NOT NULL PRIMARY KEY);
         CREATE TABLE ar_internal_metadata (key varchar NOT NULL PRIMARY KEY, value varchar, created_at datetime(6) NOT NULL, updated_at datetime(6) NOT NULL);",
    )
    .expect("created");
    for version in VERSIONS.split_whitespace() {
        conn.execute("INSERT INTO schema_migrations VALUES (?1)", [version]).expect("stored");
    }
    conn.execute_batch(ROWS).expect("valid rows");
    Arc::new(storage)
}

fn open(storage: &tempfile::TempDir) -> Connection {
    Connection::open(storage.path().join("db/production.sqlite3")).expect("opens")
}

/// Each table's definition as SQLite reports it, independent of the formatting of its SQL.
fn shape(conn: &Connection) -> BTreeMap<String, String> {
    let all = |sql: &str| -> Vec<String> {
        let mut statement = conn.prepare(sql).expect(sql);
        let rows = statement.query_map([], |row| row.get(0)).expect(sql);
        rows.collect::<Result<_, _>>().expect(sql)
    };
    let mut shape = BTreeMap::new();
    for (table, ..) in TABLES {
        let columns = all(&format!(
            "SELECT name || ' ' || type || ' ' || \"notnull\" || ' ' || coalesce(dflt_value, '') FROM pragma_table_info('{table}')"
        ));
        let indexes = all(&format!(
            "SELECT i.\"unique\" || ' ' || i.partial || ' ' || (SELECT group_concat(name, '+') FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno))
             FROM pragma_index_list('{table}') i WHERE i.name NOT LIKE 'campfire%' ORDER BY 1"
        ));
        let references = all(&format!(
            "SELECT \"from\" || '>' || \"table\" FROM pragma_foreign_key_list('{table}') ORDER BY 1"
        ));
        shape.insert((*table).to_owned(), format!("{columns:?}\n{indexes:?}\n{references:?}"));
    }
    shape.insert(
        "search".into(),
        all("SELECT lower(sql) FROM sqlite_master WHERE name = 'message_search_index'")
            .concat()
            .replace("if not exists ", ""),
    );
    shape.insert(
        "versions".into(),
        all("SELECT version FROM schema_migrations ORDER BY version").join(" "),
    );
    shape
}

/// All rows that Rails reads, as text.
fn content(conn: &Connection) -> BTreeMap<String, Vec<String>> {
    let mut content = BTreeMap::new();
    for (table, notation, _) in TABLES {
        // Presence is reset by every start, by Rails too.
        let names = columns(notation)
            .into_iter()
            .map(|column| column.0)
            .filter(|name| !matches!(name.as_str(), "connected_at" | "connections"));
        let row =
            names.map(|name| format!("quote(\"{name}\")")).collect::<Vec<_>>().join(" || ',' || ");
        let mut statement =
            conn.prepare(&format!("SELECT {row} FROM \"{table}\" ORDER BY id")).expect(table);
        let rows = statement
            .query_map([], |row| row.get(0))
            .expect(table)
            .collect::<Result<Vec<String>, _>>()
            .expect(table);
        content.insert((*table).to_owned(), rows);
    }
    content
}

/// The first user, signed in with a cookie that Rails signed.
fn person(server: &TestServer) -> Client {
    let secret = rails_compat::Secret::new(support::SECRET).expect("a secret");
    let expires = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24);
    let cookie = rails_compat::percent_encode_cookie(&secret.sign_cookie(
        "session_token",
        "token1",
        expires,
    ));
    Client { address: server.address(), cookie: format!("session_token={cookie}") }
}

#[tokio::test]
async fn new_databases_have_the_rails_schema() {
    let ours = TestServer::start().await.stop().await;
    let theirs = rails_database();
    let (ours, theirs) = (shape(&open(&ours)), shape(&open(&theirs)));
    for (table, expected) in &theirs {
        assert_eq!(&ours[table], expected, "{table}");
    }
}

#[tokio::test]
async fn rails_databases_open_in_place_unchanged() {
    let storage = rails_database();
    let (shape_before, content_before) = {
        let conn = open(&storage);
        (shape(&conn), content(&conn))
    };
    assert!(
        content_before["messages"].len() >= 300
            && content_before.values().all(|rows| !rows.is_empty())
    );
    let storage = TestServer::start_on(storage).await.stop().await;
    let conn = open(&storage);
    assert_eq!(shape(&conn), shape_before);
    assert_eq!(content(&conn), content_before);
    let check: String =
        conn.query_row("PRAGMA integrity_check", [], |row| row.get(0)).expect("checked");
    assert_eq!(check, "ok");
}

#[tokio::test]
async fn rails_sessions_rooms_and_messages_keep_working() {
    let storage = rails_database();
    let server = TestServer::start_on(storage).await;
    let person = person(&server);
    assert_eq!(person.get("/api/v1/me").await.json(200)["name"], "Person 1");
    let rooms = person.get("/api/v1/rooms").await.json(200);
    let kinds = rooms
        .as_array()
        .expect("a list")
        .iter()
        .map(|room| room["type"].as_str().expect("a type").to_owned())
        .collect::<Vec<_>>();
    assert_eq!(kinds, ["direct", "closed", "open"]);
    assert_eq!(rooms[0]["name"], "Person 2");
    let mut seen = Vec::new();
    let mut path = "/api/v1/rooms/1/messages?limit=100".to_owned();
    loop {
        let page = person.get(&path).await.json(200);
        let page = page.as_array().expect("a list").clone();
        let Some(first) = page.first() else { break };
        path = format!("/api/v1/rooms/1/messages?limit=100&before={}", first["id"]);
        seen.extend(page);
    }
    assert_eq!(seen.len(), 300, "every message, also those with equal timestamps");
    let find = |plain: &str| {
        seen.iter()
            .find(|message| message["body"]["plain"] == plain)
            .unwrap_or_else(|| panic!("no {plain}"))
    };
    assert!(
        find("hello @Person 2")["body"]["html"]
            .as_str()
            .expect("HTML")
            .contains("href=\"/users/2\"")
    );
    assert_eq!(find("hello @Person 2")["mentions"], json!([2]));
    assert_eq!(find("report.pdf")["kind"], "attachment");
    assert_eq!(find("message 7")["boosts"][0]["content"], "👍");
    assert!(!find("clean")["body"]["html"].as_str().expect("HTML").contains("script"));
    let message = json!({ "text": "new here", "client_message_id": "same" });
    assert_eq!(
        person.post("/api/v1/rooms/1/messages", message).await.status,
        201,
        "repeated client message IDs of old rows do not conflict"
    );
}

#[tokio::test]
async fn restored_messages_are_identical_for_rails() {
    let storage = rails_database();
    let untouched = |conn: &Connection| {
        let mut all = content(conn);
        // Rails touches these tables too.
        all.retain(|table, _| table != "messages" && table != "rooms");
        let searched = conn
            .prepare("SELECT rowid || body FROM message_search_index ORDER BY rowid")
            .and_then(|mut rows| {
                rows.query_map([], |row| row.get(0))?.collect::<Result<Vec<String>, _>>()
            });
        all.insert("search".into(), searched.expect("read"));
        all
    };
    let before = untouched(&open(&storage));
    let server = TestServer::start_on(storage).await;
    let person = person(&server);
    for id in [290, 287] {
        let path = format!("/api/v1/rooms/1/messages/{id}");
        let message = person.get(&path).await.json(200);
        assert_eq!(person.delete(&path).await.status, 204, "{message}");
        assert_eq!(person.get(&path).await.status, 404);
        let back = person.post(&format!("{path}/restore"), json!({})).await.json(200);
        for key in ["kind", "body", "boosts", "edited", "creator", "created_at"] {
            assert_eq!(back[key], message[key], "{key}");
        }
    }
    let storage = server.stop().await;
    assert_eq!(untouched(&open(&storage)), before);
    let server = TestServer::start_on(storage).await;
    let person = Client { address: server.address(), ..person };
    assert_eq!(
        person.patch("/api/v1/rooms/1/messages/290", json!({ "text": "x" })).await.status,
        422,
        "a file has no text"
    );
    assert_eq!(person.delete("/api/v1/rooms/1/messages/290").await.status, 204);
    let storage = server.stop().await;
    let conn = open(&storage);
    let count = |sql: &str| conn.query_row(sql, [], |row| row.get::<_, i64>(0)).expect("counted");
    assert_eq!(
        count(
            "SELECT count(*) FROM active_storage_attachments WHERE record_type = 'Message' AND record_id = 290"
        ),
        0
    );
    assert_eq!(
        count("SELECT count(*) FROM active_storage_blobs WHERE id = 1"),
        1,
        "left to Active Storage's clean-up"
    );
}

#[tokio::test]
async fn edits_and_deletions_by_rails_are_recognized() {
    let server = TestServer::start_on(rails_database()).await;
    let person = person(&server);
    person.put("/api/v1/messages/5/bookmark", json!({})).await.json(200);
    assert_eq!(person.get("/api/v1/rooms/1/messages/6").await.json(200)["edited"], false);
    let storage = server.stop().await;
    let conn = open(&storage);
    conn.execute_batch(
        "PRAGMA foreign_keys = ON;
         DELETE FROM boosts WHERE message_id = 5;
         DELETE FROM action_text_rich_texts WHERE record_type = 'Message' AND record_id = 5;
         DELETE FROM messages WHERE id = 5;
         UPDATE action_text_rich_texts SET body = '<div>edited by Rails</div>', updated_at = '2026-01-01 00:00:00.000001'
         WHERE record_type = 'Message' AND record_id = 6;",
    )
    .expect("valid SQL");
    drop(conn);
    let server = TestServer::start_on(storage).await;
    let person = Client { address: server.address(), ..person };
    assert_eq!(person.get("/api/v1/bookmarks").await.json(200), json!([]));
    let edited = person.get("/api/v1/rooms/1/messages/6").await.json(200);
    assert_eq!(
        (&edited["body"]["plain"], &edited["edited"]),
        (&json!("edited by Rails"), &json!(true))
    );
}

#[tokio::test]
async fn other_databases_are_rejected_and_unchanged() {
    for (sql, word) in [
        ("DELETE FROM schema_migrations WHERE version = '20251212154340'", "older Campfire"),
        ("DROP TABLE schema_migrations", "not a Campfire database"),
    ] {
        let storage = rails_database();
        open(&storage).execute_batch(sql).expect("done");
        let before = content(&open(&storage));
        let refused = campfire::server::Server::start(
            support::config(storage.path()),
            campfire::core::clock::Clock::system(),
        )
        .await;
        assert!(refused.is_err_and(|error| error.to_string().contains(word)), "{word}");
        assert_eq!(content(&open(&storage)), before);
    }
}

#[tokio::test]
async fn campfires_index_and_recent_searches_are_used() {
    let storage = rails_database();
    let server = TestServer::start_on(storage).await;
    let secret = rails_compat::Secret::new(support::SECRET).expect("a secret");
    let expires = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24);
    let cookie = rails_compat::percent_encode_cookie(&secret.sign_cookie(
        "session_token",
        "token1",
        expires,
    ));
    let person = Client { address: server.address(), cookie: format!("session_token={cookie}") };
    let ids = async |query: &str| {
        let found = person.get(&format!("/api/v1/searches?q={query}")).await.json(200);
        found
            .as_array()
            .expect("a list")
            .iter()
            .map(|message| message["id"].as_i64().expect("an id"))
            .collect::<Vec<_>>()
    };
    assert_eq!(ids("messages").await, (201..=300).collect::<Vec<_>>());
    assert_eq!(ids("message+77").await, [77]);
    assert_eq!(ids("has:file").await, [290]);
    assert_eq!(ids("has:sound").await, [25]);
    assert_eq!(person.get("/api/v1/searches/recent").await.json(200)[0]["query"], "lantern");
}
