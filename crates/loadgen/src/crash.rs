//! Crash test of messages: sixteen connections post as fast as they can while the server is killed
//! at random times. Afterwards every acknowledged message must be stored, once and in order.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rand::Rng;
use tokio::sync::watch;

use crate::client::Client;
use crate::fixture::{Fixture, sentence};
use crate::message_checks::{self, SentMessages};
use crate::server::Server;
use crate::{Result, print_result};

const CONNECTIONS: usize = 16;

/// Kills the server `cycles` times, then verifies.
pub async fn run(program: &Path, cycles: u32) -> Result<()> {
    let fixture = Fixture::create(program, CONNECTIONS).await?;
    let (address, server_address) = watch::channel(None);
    let is_finished = Arc::new(AtomicBool::new(false));
    let posters = (0..CONNECTIONS).map(|index| {
        let (token, server_address, is_finished) =
            (fixture.tokens[index].clone(), server_address.clone(), is_finished.clone());
        tokio::spawn(async move { post(index, &token, server_address, &is_finished).await })
    });
    let posters = posters.collect::<Vec<_>>();
    for cycle in 0..cycles {
        let server = Server::start(program, fixture.storage.path()).await?;
        address.send_replace(Some(server.address));
        check_page_order(&server, &fixture.tokens[0]).await?;
        let delay = rand::rng().random_range(50..=600);
        tokio::time::sleep(Duration::from_millis(delay)).await;
        address.send_replace(None);
        server.kill().await?;
        print_progress(&format!("cycle {} of {cycles}: killed after {delay} ms", cycle + 1));
    }
    // The last messages are sent again to a server that keeps running.
    let server = Server::start(program, fixture.storage.path()).await?;
    is_finished.store(true, Ordering::SeqCst);
    address.send_replace(Some(server.address));
    let mut sent = Vec::new();
    for poster in posters {
        sent.push(poster.await??);
    }
    server.stop().await?;
    let acknowledged: usize = sent.iter().map(|sent| sent.acknowledged.len()).sum();
    let resent: usize = sent.iter().map(|sent| sent.resent).sum();
    if acknowledged < cycles as usize {
        return Err(format!(
            "only {acknowledged} messages were acknowledged in {cycles} cycles, too few for a test"
        )
        .into());
    }
    let stored = message_checks::verify(&fixture.database(), &sent)?;
    print_result(&format!(
        "{cycles} kills, {acknowledged} messages acknowledged, {stored} stored, {resent} sent again: every acknowledged message is stored once, in order, with text and search entry, and no others are"
    ));
    Ok(())
}

async fn check_page_order(server: &Server, token: &str) -> Result<()> {
    let page = Client::connect(server.address, token)
        .await?
        .get("/api/v1/rooms/1/messages")
        .await?
        .json(&[200])?;
    let ids = page
        .as_array()
        .ok_or("not a page")?
        .iter()
        .filter_map(|message| message["id"].as_i64())
        .collect::<Vec<_>>();
    if ids.is_sorted() { Ok(()) } else { Err(format!("the page is out of order: {ids:?}").into()) }
}

/// Posts until `is_finished`. A message without acknowledgement is sent again with the same client
/// message ID, as the web client does.
async fn post(
    index: usize,
    token: &str,
    mut server_address: watch::Receiver<Option<SocketAddr>>,
    is_finished: &AtomicBool,
) -> Result<SentMessages> {
    let mut sent = SentMessages { ids: Vec::new(), acknowledged: HashMap::new(), resent: 0 };
    let mut client: Option<Client> = None;
    for count in 0.. {
        if is_finished.load(Ordering::SeqCst) {
            break;
        }
        let id = format!("c{index}-{count}");
        let body = format!(r#"{{"text":"{}","client_message_id":"{id}"}}"#, sentence(count));
        sent.ids.push(id.clone());
        loop {
            if client.is_none() {
                let address = *server_address.wait_for(Option::is_some).await?;
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
                Ok(response) => {
                    let message = response.json(&[200, 201])?;
                    if message["client_message_id"] != id.as_str() {
                        return Err(format!("the response to {id} is {message}").into());
                    }
                    sent.acknowledged
                        .insert(id, message["id"].as_i64().ok_or("the message has no ID")?);
                    break;
                }
                // The server was killed. It may have stored the message; send it again.
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
fn print_progress(line: &str) {
    eprintln!("{line}");
}
