//! People who write to bots and to each other while the server comes and goes.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rand::Rng;
use serde_json::json;
use tokio::sync::watch;

use crate::Outcome;
use crate::cast::Cast;
use crate::client::Client;
use crate::world::sentence;

/// A message that was acknowledged.
#[derive(Debug, Clone)]
pub struct Told {
    /// Its number.
    pub message: i64,
    /// Who wrote it.
    pub author: i64,
    /// What a notification says of it.
    pub text: String,
    /// The bot that it mentions.
    pub bot: Option<i64>,
    /// The people that it mentions.
    pub people: Vec<i64>,
}

/// Somebody who writes.
pub struct Writer {
    /// Which of them.
    pub number: usize,
    /// Whose session it is.
    pub token: String,
    /// Where the server is, while it is anywhere.
    pub where_is: watch::Receiver<Option<SocketAddr>>,
    /// Whom they may mention.
    pub cast: Arc<Cast>,
}

impl Writer {
    /// Writes so many messages, with pauses that last so long on average: one mentions a bot and a
    /// person each, one in four a bot alone and one in four two people.
    pub async fn write(mut self, messages: u32, pause: Duration) -> Outcome<Vec<Told>> {
        let cast = self.cast.clone();
        let mut told = Vec::new();
        let mut client = None;
        for count in 0..messages {
            let turn = self.number + count as usize;
            let bot = (count % 4 != 3).then(|| &cast.bots[turn % cast.bots.len()]);
            let people = match count % 4 {
                2 => 0,
                3 => 2,
                _ => 1,
            };
            let people = (0..people)
                .map(|next| &cast.people[(turn + count as usize / 4 + next) % cast.people.len()])
                .collect::<Vec<_>>();
            let sgids =
                bot.iter().map(|bot| &bot.sgid).chain(people.iter().map(|person| &person.sgid));
            let id = format!("d{}-{count}", self.number);
            let mut said = self.say(&mut client, &id, sgids, &sentence(count)).await?;
            said.bot = bot.map(|bot| bot.id);
            said.people = people.iter().map(|person| person.id).collect();
            told.push(said);
            let wait = rand::rng().random_range(0..=2 * u64::try_from(pause.as_millis())?);
            tokio::time::sleep(Duration::from_millis(wait)).await;
        }
        Ok(told)
    }

    /// Says one thing. What was not acknowledged is sent again with the same id, as the web client
    /// does.
    pub async fn say<'a>(
        &mut self,
        client: &mut Option<Client>,
        id: &str,
        mentioned: impl Iterator<Item = &'a String>,
        words: &str,
    ) -> Outcome<Told> {
        let mention = |sgid| {
            format!(
                r#"<action-text-attachment sgid="{sgid}" content-type="application/vnd.campfire.mention"></action-text-attachment> "#
            )
        };
        // The id is in the text, so that no two messages say the same.
        let body =
            format!("<div>{}{id}: {words}</div>", mentioned.map(mention).collect::<String>());
        let body = json!({ "body": body, "client_message_id": id }).to_string();
        loop {
            let Some(connected) = client.as_mut() else {
                let address: Option<SocketAddr> = *self.where_is.wait_for(Option::is_some).await?;
                let Some(address) = address else { continue };
                *client = Client::connect(address, &self.token).await.ok();
                if client.is_none() {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
                continue;
            };
            match connected.post("/api/v1/rooms/1/messages", &body).await {
                Ok(answer) => {
                    let message = answer.json(&[200, 201])?;
                    let text =
                        message["creator"]["name"].as_str().zip(message["body"]["plain"].as_str());
                    let (name, plain) = text.ok_or("a message without words")?;
                    return Ok(Told {
                        message: message["id"].as_i64().ok_or("no id")?,
                        author: message["creator"]["id"].as_i64().ok_or("no author")?,
                        text: format!("{name}: {plain}"),
                        bot: None,
                        people: Vec::new(),
                    });
                }
                // Killed in the middle: nobody knows whether it was stored, so it is sent again.
                Err(_) => *client = None,
            }
        }
    }
}
