//! Searches find only messages of the rooms that the person is in: random memberships and messages
//! are compared with a model without an index, and memberships change during searches.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use campfire::messages::search::room_index::RoomIndex;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::Value;

use crate::support::{Client, TestServer};
use crate::{external_connection, search_path, store_message, store_room};

const WORDS: [&str; 6] = ["lantern", "river", "copper", "velvet", "天气", "thunder"];

/// Messages by ID with their rooms, authors, days and words.
type Messages = BTreeMap<i64, (i64, i64, usize, BTreeSet<&'static str>)>;

/// Fills rooms with bursts of messages, some longer than a search scans sequentially.
fn fill(
    conn: &rusqlite::Connection,
    rng: &mut StdRng,
    people: i64,
) -> (Messages, BTreeSet<(i64, i64)>) {
    let mut messages = BTreeMap::new();
    let mut members = BTreeSet::new();
    conn.execute_batch("BEGIN").expect("started");
    let rooms = (0..8)
        .map(|number| {
            let of = (1..=people).filter(|_| rng.random_bool(0.4)).collect::<Vec<_>>();
            let room = store_room(conn, &format!("room {number}"), &of);
            members.extend(of.into_iter().map(|person| (room, person)));
            room
        })
        .collect::<Vec<_>>();
    while messages.len() < 8_000 {
        let room = rooms[rng.random_range(0..rooms.len())];
        for _ in 0..[1, 3, 40, 700][rng.random_range(0..4)] {
            let words = WORDS.into_iter().filter(|_| rng.random_bool(0.4)).collect::<BTreeSet<_>>();
            let text = words.iter().copied().collect::<Vec<_>>().join(" ");
            // Days are mostly in order, as after an import; one author is rare.
            let day = if rng.random_bool(0.001) {
                rng.random_range(1..=28)
            } else {
                1 + messages.len() / 300
            };
            let author = if rng.random_bool(0.01) { 2 } else { 1 };
            let id = store_message(
                conn,
                room,
                author,
                &format!("2026-01-{day:02} 12:00:00.000000"),
                &text,
            );
            messages.insert(id, (room, author, day, words));
        }
    }
    conn.execute_batch("COMMIT").expect("done");
    (messages, members)
}

/// All pages of a search, as message IDs with their rooms.
async fn all(person: &Client, query: &str) -> Vec<(i64, i64)> {
    let mut found = Vec::new();
    let mut path = search_path(query);
    loop {
        let response = person.get(&path).await;
        let page = response.json(200);
        let page = page.as_array().expect("a list").iter();
        let page = page.map(|message| {
            (
                message["id"].as_i64().expect("an id"),
                message["room"]["id"].as_i64().expect("a room"),
            )
        });
        found = page.chain(found).collect();
        let Some(next) =
            response.header("link").strip_prefix('<').and_then(|link| link.split('>').next())
        else {
            return found;
        };
        path = next.to_owned();
    }
}

#[tokio::test]
async fn everyone_finds_exactly_the_messages_of_their_rooms() {
    let seed = rand::random();
    let mut rng = StdRng::seed_from_u64(seed);
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let mut people = vec![ada.clone()];
    for name in ["grace", "joan", "mary"] {
        people.push(server.join(&ada, name).await);
    }
    let (messages, members) = fill(&external_connection(&server), &mut rng, 4);
    campfire::messages::search::backfill::run_once(server.server.app()).await.expect("backfilled");
    for round in 0..60 {
        if round == 15 {
            // From here on with the full room index in memory, before that with what the first
            // search has loaded.
            while !server.server.app().state::<RoomIndex>().is_loaded() {
                tokio::task::yield_now().await;
            }
        }
        let number = rng.random_range(0..people.len());
        let words = WORDS.into_iter().filter(|_| rng.random_bool(0.25)).collect::<Vec<_>>();
        let author = [None, Some(1), Some(2)][rng.random_range(0..3)];
        let (after, before) = [(0, 99), (3, 99), (0, 20), (9, 12)][rng.random_range(0..4)];
        let mut query = words.join(" ");
        query.push_str(match author {
            None => "",
            Some(1) => " from:\"ada lovelace\"",
            Some(_) => " from:grace",
        });
        if after > 0 {
            query.push_str(&format!(" after:2026-01-{after:02}"));
        }
        if before < 99 {
            query.push_str(&format!(" before:2026-01-{before:02}"));
        }
        if query.is_empty() {
            continue;
        }
        let own = |room: i64| members.contains(&(room, i64::try_from(number).expect("small") + 1));
        let expected = messages
            .iter()
            .filter(|(_, (room, by, day, text_words))| {
                let wanted =
                    author.is_none_or(|author| author == *by) && (after + 1..before).contains(day);
                own(*room) && wanted && words.iter().all(|word| text_words.contains(word))
            })
            .map(|(id, (room, ..))| (*id, *room))
            .collect::<Vec<_>>();
        let mut found = all(&people[number], &query).await;
        // Pages are ordered by ID, and each page is sorted by timestamp.
        found.sort_unstable();
        assert_eq!(found, expected, "seed {seed}: {query} by {number}");
    }
}

#[tokio::test]
async fn former_members_find_nothing_of_the_room() {
    let seed = rand::random();
    let mut rng = StdRng::seed_from_u64(seed);
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let grace = server.join(&ada, "grace").await;
    let conn = external_connection(&server);
    let room = store_room(&conn, "secret", &[1]);
    for number in 0..300 {
        store_message(
            &conn,
            if number % 3 == 0 { 1 } else { room },
            1,
            "2026-01-01 00:00:00.000000",
            "lantern",
        );
    }
    drop(conn);
    let db = server.server.app().db.clone();
    let done = Arc::new(AtomicBool::new(false));
    // Others search continuously, so that caches and snapshots of different ages exist.
    let searchers = (0..3).map(|_| {
        let (grace, done) = (grace.clone(), done.clone());
        tokio::spawn(async move {
            while !done.load(Ordering::SeqCst) {
                grace.get(&search_path("lantern")).await.json(200);
            }
        })
    });
    let searchers = searchers.collect::<Vec<_>>();
    let in_room = |found: &Value| {
        found
            .as_array()
            .expect("a list")
            .iter()
            .filter(|message| message["room"]["id"] == room)
            .count()
    };
    for _ in 0..40 {
        let inside = rng.random_bool(0.5);
        db.write(move |tx| {
            tx.execute("DELETE FROM memberships WHERE room_id = ?1 AND user_id = 2", [room])?;
            if inside {
                let at = "2026-01-01 00:00:00.000000";
                tx.execute("INSERT INTO memberships (room_id, user_id, created_at, updated_at) VALUES (?1, 2, ?2, ?2)", (room, at))?;
            }
            Ok::<_, db::Error>(())
        })
        .await
        .expect("written");
        let found = grace.get(&search_path("lantern")).await.json(200);
        assert_eq!(in_room(&found) > 0, inside, "seed {seed}");
    }
    done.store(true, Ordering::SeqCst);
    for searcher in searchers {
        searcher.await.expect("no panic");
    }
}
