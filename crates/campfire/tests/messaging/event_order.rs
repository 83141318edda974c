//! Several people change a room concurrently; a client that applies events in order ends up with
//! the same state as one that reloads.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};

use crate::next_event;
use crate::support::{Client, ROOM, TestServer};

const STEPS: usize = 150;

/// The message IDs, including deleted ones, and the boosts with their message, on which actors act.
#[derive(Default)]
struct Known {
    messages: Vec<i64>,
    boosts: Vec<(i64, i64)>,
}

impl Known {
    fn message(&self, rng: &mut StdRng) -> i64 {
        // Mostly the newest messages, which the others change too.
        let from = self.messages.len().saturating_sub(6);
        self.messages.get(rng.random_range(from..self.messages.len().max(1))).copied().unwrap_or(1)
    }
}

/// Performs one random action and returns the status. Conflicts and missing permissions are
/// expected.
async fn act(person: &Client, rng: &mut StdRng, known: &Mutex<Known>, step: usize) -> u16 {
    let message = known.lock().expect("unpoisoned").message(rng);
    let path = format!("/api/v1/rooms/1/messages/{message}");
    let boosts = format!("/api/v1/messages/{message}/boosts");
    match rng.random_range(0..100) {
        0..30 => {
            let message = person
                .post_message(&format!("step {step} {}", rng.random_range(0..1_000_000)))
                .await;
            known.lock().expect("unpoisoned").messages.push(message["id"].as_i64().expect("an id"));
            201
        }
        30..50 => {
            person
                .patch(
                    &path,
                    json!({ "text": format!("edited {}", rng.random_range(0..1_000_000)) }),
                )
                .await
                .status
        }
        50..62 => person.delete(&path).await.status,
        62..72 => person.post(&format!("{path}/restore"), json!({})).await.status,
        72..90 => {
            let response = person
                .post(&boosts, json!({ "content": format!("b{}", rng.random_range(0..1_000)) }))
                .await;
            if response.status == 201 {
                let id = response.json(201)["id"].as_i64().expect("an id");
                known.lock().expect("unpoisoned").boosts.push((message, id));
            }
            response.status
        }
        _ => {
            let boost = {
                let known = known.lock().expect("unpoisoned");
                known.boosts.get(rng.random_range(0..known.boosts.len().max(1))).copied()
            };
            let (message, boost) = boost.unwrap_or((1, 1));
            person.delete(&format!("/api/v1/messages/{message}/boosts/{boost}")).await.status
        }
    }
}

/// A room as a client sees it that applies events in order.
#[derive(Default)]
struct Model(BTreeMap<i64, Value>);

impl Model {
    fn apply(&mut self, event: &Value) {
        let number = |value: &Value| value.as_i64().expect("an integer");
        match event["type"].as_str().expect("a type") {
            "message.created" => {
                let message = &event["message"];
                let known = self.0.insert(number(&message["id"]), message.clone());
                assert!(known.is_none(), "a message was created twice: {message}");
            }
            "message.updated" => {
                let message = &event["message"];
                let known = self
                    .0
                    .insert(number(&message["id"]), message.clone())
                    .expect("the updated message is known");
                assert_eq!(known["boosts"], message["boosts"], "an edit keeps the boosts");
            }
            "message.removed" => {
                self.0.remove(&number(&event["message_id"])).expect("the removed message is known");
            }
            "boost.created" => {
                let boost = &event["boost"];
                let message = self
                    .0
                    .get_mut(&number(&boost["message_id"]))
                    .expect("the boosted message is known");
                message["boosts"].as_array_mut().expect("a list").push(boost.clone());
            }
            "boost.removed" => {
                let message = self
                    .0
                    .get_mut(&number(&event["message_id"]))
                    .expect("the boosted message is known");
                let boosts = message["boosts"].as_array_mut().expect("a list");
                let at = boosts
                    .iter()
                    .position(|boost| boost["id"] == event["boost_id"])
                    .expect("the removed boost is known");
                boosts.remove(at);
            }
            other => panic!("{other}"),
        }
    }
}

async fn load_room(person: &Client) -> Vec<Value> {
    let mut messages = Vec::new();
    let mut path = "/api/v1/rooms/1/messages?limit=100".to_owned();
    loop {
        let page = person.get(&path).await.json(200);
        let mut page = page.as_array().expect("a list").clone();
        let Some(first) = page.first() else { return messages };
        path = format!("/api/v1/rooms/1/messages?limit=100&before={}", first["id"]);
        page.append(&mut messages);
        messages = page;
    }
}

/// The fields that must be equal. Boost events do not have the time of the last change.
fn comparable(message: &Value) -> Value {
    json!([
        message["id"],
        message["client_message_id"],
        message["body"],
        message["boosts"],
        message["edited"],
        message["creator"]["id"]
    ])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn subscribers_and_reloading_clients_see_the_same_room() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let people = [ada.clone(), server.join(&ada, "grace").await, server.join(&ada, "alan").await];
    let mut listening = people[1].subscribe(&[ROOM]).await;
    let known: Arc<Mutex<Known>> = Arc::default();
    let first = ada.post_message("the first").await["id"].as_i64().expect("an id");
    known.lock().expect("unpoisoned").messages.push(first);
    let actors = people.iter().cloned().zip(1..).map(|(person, seed)| {
        let known = known.clone();
        tokio::spawn(async move {
            let mut rng = StdRng::seed_from_u64(seed);
            let mut done: BTreeMap<u16, usize> = BTreeMap::new();
            for step in 0..STEPS {
                let status = act(&person, &mut rng, &known, step).await;
                assert!(matches!(status, 200 | 201 | 204 | 403 | 404 | 409), "{status}");
                *done.entry(status).or_default() += 1;
            }
            done
        })
    });
    let actors = actors.collect::<Vec<_>>();
    let reader = tokio::spawn(async move {
        let mut model = Model::default();
        loop {
            let event = next_event(&mut listening).await;
            model.apply(&event);
            if event["message"]["body"]["plain"] == "the last" {
                return model;
            }
        }
    });
    // Pages are loaded continuously, so that a page cached at the wrong time would be found at the
    // end.
    let reloader = ada.clone();
    let reloading = tokio::spawn(async move {
        loop {
            reloader.get("/api/v1/rooms/1/messages?limit=100").await.json(200);
        }
    });
    let mut succeeded = 0;
    for actor in actors {
        let done = actor.await.expect("no panic");
        succeeded +=
            done.iter().filter(|(status, _)| **status < 300).map(|(_, times)| times).sum::<usize>();
    }
    assert!(succeeded > STEPS, "most actions succeed: {succeeded}");
    reloading.abort();
    ada.post_message("the last").await;
    let model = reader.await.expect("no panic").0.values().map(comparable).collect::<Vec<_>>();
    let stored = load_room(&ada).await;
    assert!(stored.len() > 20, "enough messages to compare");
    assert_eq!(model, stored.iter().map(comparable).collect::<Vec<_>>());
}
