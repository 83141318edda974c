//! Opening: migrations, locks, and files that cannot be used.

use std::fs;
use std::time::Duration;

use db::{Db, Migration, OpenError, Options, Step};
use rusqlite::Connection;
use tempfile::TempDir;

use crate::support::{LIMIT, MIGRATIONS, Storage, reopen};

fn open(dir: &TempDir, migrations: &[Migration]) -> Result<Db<()>, OpenError> {
    Db::open(Options::new(dir.path().join("some.sqlite3")), migrations, |_| {})
}

fn sql(version: u32, name: &'static str, sql: &'static str) -> Migration {
    Migration { version, name, step: Step::Sql(sql) }
}

/// The schema and the recorded migrations.
fn contents(dir: &TempDir) -> Vec<String> {
    let conn = Connection::open(dir.path().join("some.sqlite3")).unwrap();
    let mut statement = conn
        .prepare("SELECT sql FROM sqlite_master WHERE name <> 'campfire_migrations' ORDER BY name")
        .unwrap();
    let mut contents: Vec<String> =
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let mut steps = conn
        .prepare("SELECT version || ' ' || name FROM campfire_migrations ORDER BY version")
        .unwrap();
    contents
        .extend(steps.query_map([], |row| row.get::<_, String>(0)).unwrap().map(Result::unwrap));
    contents
}

#[tokio::test]
async fn each_migration_runs_once_in_order() {
    let dir = tempfile::tempdir().unwrap();
    let first = || sql(1, "a", "CREATE TABLE a (x integer)");
    let code = || Migration {
        version: 3,
        name: "rows",
        step: Step::Code(|tx| {
            tx.execute_batch("INSERT INTO a VALUES (1)").map_err(|error| error.to_string())
        }),
    };
    assert!(open(&dir, &[first()]).unwrap().drain(LIMIT).await);
    for _ in 0..2 {
        let db = open(&dir, &[first(), code()]).unwrap();
        let rows: i64 = db
            .read(|reader| {
                Ok::<_, db::Error>(
                    reader.query_row("SELECT count(*) FROM a", [], |row| row.get(0))?,
                )
            })
            .unwrap();
        assert_eq!(rows, 1);
        assert!(db.drain(LIMIT).await);
    }
    assert_eq!(contents(&dir), ["CREATE TABLE a (x integer)", "1 a", "3 rows"]);
}

#[tokio::test]
async fn the_time_of_a_migration_is_recorded() {
    let dir = tempfile::tempdir().unwrap();
    assert!(open(&dir, &[sql(1, "a", "CREATE TABLE a (x)")]).unwrap().drain(LIMIT).await);
    let conn = Connection::open(dir.path().join("some.sqlite3")).unwrap();
    let recent = "SELECT applied_at GLOB '????-??-??T??:??:??Z' AND abs(unixepoch('now') - unixepoch(applied_at)) < 600 FROM campfire_migrations";
    assert!(conn.query_row(recent, [], |row| row.get::<_, bool>(0)).unwrap());
}

#[tokio::test]
async fn a_failed_migration_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let first = || sql(1, "a", "CREATE TABLE a (x integer)");
    assert!(open(&dir, &[first()]).unwrap().drain(LIMIT).await);
    let broken = [
        sql(2, "half", "CREATE TABLE b (x integer); DROP TABLE a; INSERT INTO nowhere VALUES (1)"),
        Migration {
            version: 2,
            name: "refused",
            step: Step::Code(|tx| {
                tx.execute_batch("DROP TABLE a").map_err(|error| error.to_string())?;
                Err("this file is too old".into())
            }),
        },
    ];
    for step in broken {
        let name = step.name;
        let error = open(&dir, &[first(), step]).err().unwrap();
        assert!(
            matches!(&error, OpenError::Migration { version: 2, name: failed, .. } if *failed == name),
            "{error}"
        );
        assert_eq!(contents(&dir), ["CREATE TABLE a (x integer)", "1 a"]);
    }
    // The failure does not leave the file locked.
    assert!(open(&dir, &[first()]).unwrap().drain(LIMIT).await);
}

#[tokio::test]
async fn a_newer_schema_is_rejected_unchanged() {
    let dir = tempfile::tempdir().unwrap();
    let steps = [sql(1, "a", "CREATE TABLE a (x)"), sql(7, "b", "CREATE TABLE b (x)")];
    assert!(open(&dir, &steps).unwrap().drain(LIMIT).await);
    let older = [sql(1, "a", "CREATE TABLE a (x)"), sql(2, "c", "CREATE TABLE c (x)")];
    assert!(matches!(
        open(&dir, &older).err(),
        Some(OpenError::NewerSchema { found: 7, known: 2 })
    ));
    assert_eq!(contents(&dir), ["CREATE TABLE a (x)", "CREATE TABLE b (x)", "1 a", "7 b"]);
}

#[test]
fn versions_must_increase() {
    let dir = tempfile::tempdir().unwrap();
    let steps = [sql(2, "a", "CREATE TABLE a (x)"), sql(2, "b", "CREATE TABLE b (x)")];
    assert!(matches!(
        open(&dir, &steps).err(),
        Some(OpenError::Migration { version: 2, name: "b", .. })
    ));
}

#[tokio::test]
async fn only_one_process_can_open_a_database() {
    let storage = Storage::new();
    assert!(matches!(reopen(&storage.path).err(), Some(OpenError::Locked(_))));
    let link = storage.dir.path().join("link.sqlite3");
    std::os::unix::fs::symlink(&storage.path, &link).unwrap();
    assert!(matches!(reopen(&link).err(), Some(OpenError::Locked(_))), "through a symbolic link");
    assert!(storage.db.drain(LIMIT).await);
    assert!(reopen(&storage.path).is_ok());
}

#[test]
fn a_file_that_is_not_a_database_is_left_unchanged() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("some.sqlite3");
    let text = "not a database at all, only words".repeat(100);
    fs::write(&path, &text).unwrap();
    assert!(matches!(open(&dir, &MIGRATIONS).err(), Some(OpenError::Damaged { .. })));
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
}

#[test]
fn the_error_names_a_missing_directory() {
    let missing = Db::<()>::open(Options::new("/nonexistent/some.sqlite3"), &MIGRATIONS, |_| {})
        .err()
        .unwrap();
    assert!(
        matches!(missing, OpenError::NotWritable { .. })
            && missing.to_string().contains("/nonexistent/some.sqlite3"),
        "{missing}"
    );
}

#[test]
fn a_locked_database_is_not_reported_as_damaged() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("some.sqlite3");
    let external_connection = Connection::open(&path).unwrap();
    external_connection.execute_batch("CREATE TABLE a (x); BEGIN EXCLUSIVE").unwrap();
    let mut options = Options::new(&path);
    options.busy_timeout = Duration::from_millis(10);
    let refused = Db::<()>::open(options, &MIGRATIONS, |_| {}).err();
    assert!(matches!(refused, Some(OpenError::Busy(_))), "{refused:?}");
}
