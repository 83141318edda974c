//! Sixteen connections post as fast as they can while the server is killed at random moments; in
//! the end every promise is checked.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rand::Rng;
use tokio::sync::watch;

use crate::Outcome;
use crate::checks::{self, Sent};
use crate::client::Client;
use crate::server::Server;
use crate::world::{World, sentence};

const CONNECTIONS: usize = 16;

/// Kills the server so many times, then verifies.
pub async fn run(program: &Path, cycles: u32) -> Outcome<()> {
    let world = World::create(program, CONNECTIONS).await?;
    let (place, where_is) = watch::channel(None);
    let enough = Arc::new(AtomicBool::new(false));
    let posters = (0..CONNECTIONS).map(|number| {
        let (token, where_is, enough) =
            (world.tokens[number].clone(), where_is.clone(), enough.clone());
        tokio::spawn(async move { post(number, &token, where_is, &enough).await })
    });
    let posters = posters.collect::<Vec<_>>();
    for cycle in 0..cycles {
        let server = Server::start(program, world.storage.path()).await?;
        place.send_replace(Some(server.address));
        read_a_page(&server, &world.tokens[0]).await?;
        let moment = rand::rng().random_range(50..=600);
        tokio::time::sleep(Duration::from_millis(moment)).await;
        place.send_replace(None);
        server.kill().await?;
        say(&format!("cycle {} of {cycles}: killed after {moment} ms", cycle + 1));
    }
    // The last words are sent again to a server that lives.
    let server = Server::start(program, world.storage.path()).await?;
    enough.store(true, Ordering::SeqCst);
    place.send_replace(Some(server.address));
    let mut sent = Vec::new();
    for poster in posters {
        sent.push(poster.await??);
    }
    server.stop().await?;
    let acknowledged: usize = sent.iter().map(|sent| sent.acknowledged.len()).sum();
    let resent: usize = sent.iter().map(|sent| sent.resent).sum();
    if acknowledged < cycles as usize {
        return Err(format!(
            "only {acknowledged} messages were acknowledged in {cycles} cycles: that tests nothing"
        )
        .into());
    }
    let stored = checks::verify(&world.database(), &sent)?;
    done(&format!(
        "{cycles} kills, {acknowledged} messages acknowledged, {stored} stored, {resent} sent again: every acknowledged one is there once, in order, with text and search entry; nothing else is"
    ));
    Ok(())
}

async fn read_a_page(server: &Server, token: &str) -> Outcome<()> {
    let page = Client::connect(server.address, token)
        .await?
        .get("/api/v1/rooms/1/messages")
        .await?
        .json(&[200])?;
    let ids = page
        .as_array()
        .ok_or("no page")?
        .iter()
        .filter_map(|message| message["id"].as_i64())
        .collect::<Vec<_>>();
    if ids.is_sorted() { Ok(()) } else { Err(format!("a page is out of order: {ids:?}").into()) }
}

/// Posts until it is enough. What was not acknowledged is sent again with the same id, as the web
/// client does.
async fn post(
    number: usize,
    token: &str,
    mut where_is: watch::Receiver<Option<SocketAddr>>,
    enough: &AtomicBool,
) -> Outcome<Sent> {
    let mut sent = Sent { ids: Vec::new(), acknowledged: HashMap::new(), resent: 0 };
    let mut client: Option<Client> = None;
    for count in 0.. {
        if enough.load(Ordering::SeqCst) {
            break;
        }
        let id = format!("c{number}-{count}");
        let body = format!(r#"{{"text":"{}","client_message_id":"{id}"}}"#, sentence(count));
        sent.ids.push(id.clone());
        loop {
            if client.is_none() {
                let address = *where_is.wait_for(Option::is_some).await?;
                let Some(address) = address else { continue };
                match Client::connect(address, token).await {
                    Ok(connected) => client = Some(connected),
                    Err(_) => {
                        tokio::time::sleep(Duration::from_millis(5)).await;
                        continue;
                    }
                }
            }
            let Some(connected) = client.as_mut() else { continue };
            match connected.post("/api/v1/rooms/1/messages", &body).await {
                Ok(answer) => {
                    let message = answer.json(&[200, 201])?;
                    if message["client_message_id"] != id.as_str() {
                        return Err(format!("{id} was answered with {message}").into());
                    }
                    sent.acknowledged.insert(id, message["id"].as_i64().ok_or("no id")?);
                    break;
                }
                // Killed in the middle: nobody knows whether it was stored, so it is sent again.
                Err(_) => {
                    sent.resent += 1;
                    client = None;
                }
            }
        }
    }
    Ok(sent)
}

#[expect(clippy::print_stderr, reason = "progress")]
fn say(line: &str) {
    eprintln!("{line}");
}

#[expect(clippy::print_stdout, reason = "the result")]
fn done(line: &str) {
    println!("{line}");
}
