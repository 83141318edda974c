//! Random batches of writes that succeed, fail or panic: the database equals a list of the
//! successful writes.

use db::Error;
use proptest::prelude::*;

use crate::support::{First, PausedWriter, Storage, note, queue, within_limit, work_done};

#[derive(Debug, Clone)]
enum Write {
    Note(u8),
    NoteTwice(u8),
    NoteThenFail(u8),
    NoteThenPanic(u8),
}

/// Writes, grouped by the batch in which they are queued.
fn batches() -> impl Strategy<Value = Vec<Vec<Write>>> {
    let write = prop_oneof![
        4 => any::<u8>().prop_map(Write::Note),
        1 => any::<u8>().prop_map(Write::NoteTwice),
        1 => any::<u8>().prop_map(Write::NoteThenFail),
        1 => any::<u8>().prop_map(Write::NoteThenPanic),
    ];
    prop::collection::vec(prop::collection::vec(write, 1..8), 1..6)
}

fn run(write: &Write, tx: &mut crate::support::NoteTx<'_>) -> Result<(), Error> {
    let (Write::Note(text)
    | Write::NoteTwice(text)
    | Write::NoteThenFail(text)
    | Write::NoteThenPanic(text)) = write;
    let text = text.to_string();
    note(tx, &text)?;
    tx.defer::<First>(text.clone());
    match write {
        Write::Note(_) => Ok(()),
        Write::NoteTwice(_) => note(tx, &text),
        Write::NoteThenFail(_) => Err(Error::TimedOut),
        Write::NoteThenPanic(_) => panic!("on purpose"),
    }
}

async fn check(batches: Vec<Vec<Write>>) {
    let storage = Storage::new();
    let (mut notes, mut work) = (Vec::<String>::new(), Vec::new());
    for batch in batches {
        let mut queued = Vec::new();
        let held = PausedWriter::new(&storage.db).await;
        for write in &batch {
            let owned = write.clone();
            queued.push(queue(&storage.db, move |tx| run(&owned, tx)).await);
        }
        held.release().await;
        let mut items = Vec::new();
        for (write, answer) in batch.iter().zip(queued) {
            let stored = match write {
                Write::Note(text) if !notes.contains(&text.to_string()) => {
                    notes.push(text.to_string());
                    items.push(text.to_string());
                    true
                }
                _ => false,
            };
            assert_eq!(within_limit(answer).await.unwrap().is_ok(), stored, "{write:?}");
        }
        if !items.is_empty() {
            work.push(format!("first: {}", items.join(" ")));
        }
    }
    assert_eq!(storage.texts(), notes);
    assert_eq!(storage.published(), notes);
    assert_eq!(work_done(&storage.db), work);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_database_equals_the_model(batches in batches()) {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(check(batches));
    }
}
