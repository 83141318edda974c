//! Clients that post messages with mentions of bots and people while the server is killed and
//! restarted.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rand::Rng;
use serde_json::json;
use tokio::sync::watch;

use crate::Result;
use crate::client::Client;
use crate::fixture::sentence;
use crate::test_actors::TestActors;

/// An acknowledged message.
#[derive(Debug, Clone)]
pub struct PostedMessage {
    pub id: i64,
    /// The author's user ID.
    pub author: i64,
    /// The text of a notification about it.
    pub notification: String,
    /// The ID of the mentioned bot.
    pub bot: Option<i64>,
    /// The IDs of the mentioned people.
    pub people: Vec<i64>,
}

/// A client that posts to the first room.
pub struct Writer {
    /// Its index among the writers.
    pub index: usize,
    /// Its session token.
    pub token: String,
    /// The server's address while the server is running.
    pub server_address: watch::Receiver<Option<SocketAddr>>,
    /// The bots and people that it may mention.
    pub actors: Arc<TestActors>,
}

impl Writer {
    /// Posts messages with pauses of the average length `pause`. Of four messages, two mention a
    /// bot and a person, one a bot and one two people.
    pub async fn run(mut self, messages: u32, pause: Duration) -> Result<Vec<PostedMessage>> {
        let actors = self.actors.clone();
        let mut posted = Vec::new();
        let mut client = None;
        for count in 0..messages {
            let turn = self.index + count as usize;
            let bot = (count % 4 != 3).then(|| &actors.bots[turn % actors.bots.len()]);
            let people = match count % 4 {
                2 => 0,
                3 => 2,
                _ => 1,
            };
            let people = (0..people)
                .map(|next| {
                    &actors.people[(turn + count as usize / 4 + next) % actors.people.len()]
                })
                .collect::<Vec<_>>();
            let sgids =
                bot.iter().map(|bot| &bot.sgid).chain(people.iter().map(|person| &person.sgid));
            let id = format!("d{}-{count}", self.index);
            let mut message = self.post(&mut client, &id, sgids, &sentence(count)).await?;
            message.bot = bot.map(|bot| bot.id);
            message.people = people.iter().map(|person| person.id).collect();
            posted.push(message);
            let wait = rand::rng().random_range(0..=2 * u64::try_from(pause.as_millis())?);
            tokio::time::sleep(Duration::from_millis(wait)).await;
        }
        Ok(posted)
    }

    /// Posts one message. Until it is acknowledged it is sent again with the same client message
    /// ID, as the web client does.
    pub async fn post<'a>(
        &mut self,
        client: &mut Option<Client>,
        client_message_id: &str,
        mentioned: impl Iterator<Item = &'a String>,
        text: &str,
    ) -> Result<PostedMessage> {
        let mention = |sgid| {
            format!(
                r#"<action-text-attachment sgid="{sgid}" content-type="application/vnd.campfire.mention"></action-text-attachment> "#
            )
        };
        // The ID is in the text, so that no two messages have the same text.
        let mentions = mentioned.map(mention).collect::<String>();
        let body = format!("<div>{mentions}{client_message_id}: {text}</div>");
        let body = json!({ "body": body, "client_message_id": client_message_id }).to_string();
        loop {
            let Some(connected) = client.as_mut() else {
                let address: Option<SocketAddr> =
                    *self.server_address.wait_for(Option::is_some).await?;
                let Some(address) = address else { continue };
                *client = Client::connect(address, &self.token).await.ok();
                if client.is_none() {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
                continue;
            };
            match connected.post("/api/v1/rooms/1/messages", &body).await {
                Ok(response) => {
                    let message = response.json(&[200, 201])?;
                    let text =
                        message["creator"]["name"].as_str().zip(message["body"]["plain"].as_str());
                    let (name, plain) = text.ok_or("the message has no text")?;
                    return Ok(PostedMessage {
                        id: message["id"].as_i64().ok_or("the message has no ID")?,
                        author: message["creator"]["id"].as_i64().ok_or("no author")?,
                        notification: format!("{name}: {plain}"),
                        bot: None,
                        people: Vec::new(),
                    });
                }
                // The server was killed. It may have stored the message; send it again.
                Err(_) => *client = None,
            }
        }
    }
}
