//! A process that is killed while it writes: acknowledged writes are stored, and no write is stored
//! partly.

use std::env;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use db::Error;

use crate::support::{First, column, note, reopen, texts, work_done};

/// The database path of the process to be killed.
const PATH: &str = "DB_CRASH_PATH";
/// Acknowledgements before the kill: enough for several batches.
const ACKNOWLEDGED: usize = 200;
const WRITERS: usize = 8;

/// Not a test by itself: the process that `acknowledged_writes_survive_a_kill` starts and kills.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "is started by the crash test"]
async fn writes_until_killed() {
    let db = reopen(&PathBuf::from(env::var_os(PATH).unwrap())).unwrap();
    let writers = (0..WRITERS).map(|writer| {
        let db = db.clone();
        tokio::spawn(async move {
            for number in 0_u64.. {
                let text = format!("{writer}/{number}");
                let own = text.clone();
                db.write(move |tx| {
                    note(tx, &own)?;
                    tx.execute(
                        "INSERT INTO replies (note_id) VALUES (?1)",
                        [tx.last_insert_rowid()],
                    )?;
                    tx.defer::<First>(own);
                    Ok::<_, Error>(())
                })
                .await
                .unwrap();
                // One write call per line, so that lines of several writers do not mix.
                std::io::stdout().write_all(format!("\nstored {text}\n").as_bytes()).unwrap();
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
}

#[test]
fn acknowledged_writes_survive_a_kill() {
    for round in 0..3 {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("notes.sqlite3");
        let acknowledged = run_until_killed(&path, ACKNOWLEDGED + 37 * round);
        check(&path, &acknowledged);
    }
}

/// Starts the process, kills it after `enough` acknowledgements, and returns all that it printed.
fn run_until_killed(path: &PathBuf, enough: usize) -> Vec<String> {
    let mut child = Command::new(env::current_exe().unwrap())
        .args(["crash::writes_until_killed", "--exact", "--ignored", "--nocapture"])
        .env(PATH, path)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut acknowledged = Vec::new();
    while acknowledged.len() < enough {
        let line = lines.next().expect("the process ended by itself").unwrap();
        acknowledged.extend(line.strip_prefix("stored ").map(str::to_owned));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    // Output from before the kill counts too; the last line may be cut off.
    let rest: Vec<String> = lines.map_while(Result::ok).collect();
    let whole = rest.len().saturating_sub(1);
    acknowledged.extend(
        rest[..whole].iter().filter_map(|line| line.strip_prefix("stored ").map(str::to_owned)),
    );
    acknowledged
}

fn check(path: &PathBuf, acknowledged: &[String]) {
    // The lock ended with the process.
    let db = reopen(path).unwrap();
    let stored = texts(&db);
    for text in acknowledged {
        assert!(stored.contains(text), "{text} was acknowledged and is lost");
    }
    // Unacknowledged writes may be stored, at most one per writer, and only completely.
    assert!(
        stored.len() <= acknowledged.len() + WRITERS + 1,
        "{} stored, {} acknowledged",
        stored.len(),
        acknowledged.len()
    );
    let replied = column(
        &db,
        "SELECT notes.text FROM replies JOIN notes ON notes.id = replies.note_id ORDER BY notes.id",
    );
    assert_eq!(replied, stored);
    let deferred = work_done(&db)
        .iter()
        .flat_map(|batch| batch.trim_start_matches("first: ").split(' '))
        .map(str::to_owned)
        .collect::<Vec<_>>();
    assert_eq!(deferred, stored);
    let integrity: String = db
        .read(|reader| {
            Ok::<_, Error>(reader.query_row("PRAGMA integrity_check", [], |row| row.get(0))?)
        })
        .unwrap();
    assert_eq!(integrity, "ok");
}
