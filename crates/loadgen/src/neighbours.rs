//! A slow or dead receiver delays nobody else: what people and a healthy bot wait for while other
//! bots' receivers do not answer, beside the same while these are well.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use http_body_util::{BodyExt, Full};
use hyper::Response;
use serde_json::json;
use tokio::net::{TcpListener, TcpSocket};

use crate::Outcome;
use crate::client::Client;
use crate::moods::serve;
use crate::numbers::percentile;
use crate::server::Server;
use crate::world::{World, sentence};

/// People who post.
const WRITERS: usize = 8;
/// Messages a second, by all of them.
pub const RATE: u32 = 50;
/// Bots besides the healthy one; each is mentioned by as many messages as the others.
const OTHERS: usize = 30;
/// How long the healthy bot may take at the end; what it has not heard by then counts as heard
/// then.
const PATIENCE: Duration = Duration::from_secs(20);

/// How the other bots' receivers are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Others {
    /// All are well.
    Well,
    /// A third hangs until the server gives up, a third answers 500, a third refuses connections.
    Troubled,
    /// All hang until the server gives up.
    Hang,
}

impl Others {
    fn words(self) -> String {
        match self {
            Self::Well => format!("{OTHERS} others are well"),
            Self::Troubled => format!("{OTHERS} others hang, fail or refuse"),
            Self::Hang => format!("{OTHERS} others hang"),
        }
    }
}

/// One of the waits of a round.
type Wait = fn(&Waited) -> &[Duration];

/// What is waited for, and the percentile that is told of it.
const WAITS: [(&str, usize, Wait); 4] = [
    ("a post until it is acknowledged, p50", 50, |waited| &waited.posts),
    ("a post until it is acknowledged, p99", 99, |waited| &waited.posts),
    ("from there until a healthy bot hears of it, p50", 50, |waited| &waited.heard),
    ("from there until a healthy bot hears of it, p99", 99, |waited| &waited.heard),
];

/// A wait beside the same while all are well.
pub struct Beside {
    /// What was waited for, and how the others were.
    pub what: String,
    /// How long.
    pub here: Duration,
    /// How long while all were well.
    pub well: Duration,
}

/// Measures in turns; the middle of all rounds.
pub async fn run(program: &Path, rounds: usize, seconds: u64) -> Outcome<Vec<Beside>> {
    let all = [Others::Well, Others::Troubled, Others::Hang];
    let mut houses = Vec::new();
    for others in all {
        houses.push((Neighbourhood::create(program, others).await?, Vec::new()));
    }
    for number in 0..rounds {
        for (house, waited) in &mut houses {
            waited.push(house.round(program, number, seconds).await?);
        }
    }
    let middle = |waited: &[Waited], percent: usize, of: Wait| {
        let mut times =
            waited.iter().map(|waited| percentile(of(waited), percent)).collect::<Vec<_>>();
        times.sort_unstable();
        percentile(&times, 50)
    };
    let (well, troubled) = houses.split_first().ok_or("no house")?;
    let found = troubled.iter().zip(&all[1..]).flat_map(|((_, waited), others)| {
        WAITS.map(|(what, percent, of)| {
            let what = format!("{what}, while {}", others.words());
            Beside { what, here: middle(waited, percent, of), well: middle(&well.1, percent, of) }
        })
    });
    Ok(found.collect())
}

/// How long was waited in a round, sorted.
struct Waited {
    /// For the acknowledgement of each post.
    posts: Vec<Duration>,
    /// From there until the healthy bot heard of it.
    heard: Vec<Duration>,
}

/// When the healthy bot heard of each message.
type Heard = Arc<Mutex<HashMap<i64, Instant>>>;

/// A house with bots, kept from round to round with what waits in it.
struct Neighbourhood {
    world: World,
    healthy: String,
    others: Vec<String>,
    heard: Heard,
    /// Ports at which nobody listens, kept so that nobody else does.
    _dead: Vec<TcpSocket>,
}

impl Neighbourhood {
    /// Makes the bots and their receivers.
    async fn create(program: &Path, others: Others) -> Outcome<Self> {
        let world = World::create(program, WRITERS).await?;
        let heard = Heard::default();
        let mut dead = Vec::new();
        let mut addresses = vec![healthy(heard.clone()).await?];
        for number in 0..OTHERS {
            addresses.push(match others {
                Others::Well => answering(204).await?,
                Others::Troubled if number % 3 == 1 => answering(500).await?,
                Others::Troubled if number % 3 == 2 => {
                    let socket = TcpSocket::new_v4()?;
                    socket.bind("127.0.0.1:0".parse()?)?;
                    let address = socket.local_addr()?;
                    dead.push(socket);
                    address
                }
                Others::Troubled | Others::Hang => hanging().await?,
            });
        }
        let server = Server::start(program, world.storage.path()).await?;
        let mut client = Client::connect(server.address, &world.tokens[0]).await?;
        let mut ids = Vec::new();
        for (number, address) in addresses.into_iter().enumerate() {
            let made = client
                .post("/api/v1/bots", &json!({ "name": format!("Bot {number}") }).to_string())
                .await?
                .json(&[201])?;
            let id = made["id"].as_i64().ok_or("no id")?;
            let form = json!({ "webhook_url": format!("http://{address}/") }).to_string();
            client.send("PATCH", &format!("/api/v1/bots/{id}"), &form).await?.json(&[200])?;
            ids.push(id);
        }
        let known = client.get("/api/v1/users?room_id=1&limit=500").await?.json(&[200])?;
        let sgid = |id: &i64| {
            Some(
                known.as_array()?.iter().find(|one| one["id"] == *id)?["sgid"].as_str()?.to_owned(),
            )
        };
        let mut sgids =
            ids.iter().map(sgid).collect::<Option<Vec<_>>>().ok_or("a bot cannot be mentioned")?;
        drop(client);
        server.stop().await?;
        let others = sgids.split_off(1);
        let healthy = sgids.pop().ok_or("no bot")?;
        Ok(Self { world, healthy, others, heard, _dead: dead })
    }

    /// Posts at a steady rate for some seconds; `number` tells the rounds apart.
    async fn round(&self, program: &Path, number: usize, seconds: u64) -> Outcome<Waited> {
        let server = Server::start(program, self.world.storage.path()).await?;
        let begun = Instant::now();
        let share = u32::try_from(seconds)? * RATE / WRITERS as u32;
        let writers = (0..WRITERS).map(|writer| {
            let (address, token) = (server.address, self.world.tokens[writer].clone());
            let bodies =
                (0..share).map(|count| self.body(number, writer, count)).collect::<Vec<_>>();
            // They begin one after the other, so that posts are spread evenly.
            let first = begun + Duration::from_secs(1) / RATE * u32::try_from(writer).unwrap_or(0);
            tokio::spawn(async move {
                write(Client::connect(address, &token).await?, bodies, first).await
            })
        });
        let mut posts = Vec::new();
        for writer in writers.collect::<Vec<_>>() {
            posts.extend(writer.await??);
        }
        let heard = self.heard(&posts).await;
        server.stop().await?;
        let mut waited = Waited {
            posts: posts.iter().map(|post| post.took).collect(),
            heard: posts
                .iter()
                .zip(&heard)
                .map(|(post, heard)| heard.saturating_duration_since(post.acknowledged))
                .collect(),
        };
        waited.posts.sort_unstable();
        waited.heard.sort_unstable();
        Ok(waited)
    }

    /// A message that mentions the healthy bot and one of the others.
    fn body(&self, round: usize, writer: usize, count: u32) -> String {
        let other = &self.others[(writer + count as usize * WRITERS) % self.others.len()];
        let mention = |sgid: &str| {
            format!(
                r#"<action-text-attachment sgid="{sgid}" content-type="application/vnd.campfire.mention"></action-text-attachment>"#
            )
        };
        let body =
            format!("<div>{} {} {}</div>", mention(&self.healthy), mention(other), sentence(count));
        json!({ "body": body, "client_message_id": format!("n{round}-{writer}-{count}") })
            .to_string()
    }

    /// When the healthy bot heard of each of these.
    async fn heard(&self, posts: &[Post]) -> Vec<Instant> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let now = Instant::now();
            let heard = {
                let heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
                posts.iter().map(|post| heard.get(&post.message).copied()).collect::<Vec<_>>()
            };
            if now > deadline || heard.iter().all(Option::is_some) {
                return heard.into_iter().map(|at| at.unwrap_or(now)).collect();
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

/// A message that was posted.
struct Post {
    message: i64,
    took: Duration,
    acknowledged: Instant,
}

/// Posts at its moments, whether or not the last one was quick.
async fn write(mut client: Client, bodies: Vec<String>, first: Instant) -> Outcome<Vec<Post>> {
    let mut posts = Vec::new();
    for (count, body) in bodies.iter().enumerate() {
        let turn = first + Duration::from_secs(1) * u32::try_from(count * WRITERS)? / RATE;
        tokio::time::sleep_until(turn.into()).await;
        let begun = Instant::now();
        let answer = client.post("/api/v1/rooms/1/messages", body).await?;
        let acknowledged = Instant::now();
        posts.push(Post {
            message: answer.created_id()?,
            took: acknowledged - begun,
            acknowledged,
        });
    }
    Ok(posts)
}

/// A receiver that notes when it heard of what, and answers at once.
async fn healthy(heard: Heard) -> Outcome<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(serve(listener, move |request| {
        let heard = heard.clone();
        async move {
            let body =
                request.into_body().collect().await.map_err(std::io::Error::other)?.to_bytes();
            let at = Instant::now();
            let told: serde_json::Value = serde_json::from_slice(&body)?;
            let message = told["message"]["id"]
                .as_i64()
                .ok_or_else(|| std::io::Error::other("no message"))?;
            heard.lock().unwrap_or_else(PoisonError::into_inner).entry(message).or_insert(at);
            Response::builder().status(204).body(Full::default()).map_err(std::io::Error::other)
        }
    }));
    Ok(address)
}

/// A receiver that always answers this, at once.
async fn answering(status: u16) -> Outcome<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(serve(listener, move |request| async move {
        request.into_body().collect().await.map_err(std::io::Error::other)?;
        Response::builder().status(status).body(Full::default()).map_err(std::io::Error::other)
    }));
    Ok(address)
}

/// A receiver that never answers.
async fn hanging() -> Outcome<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(serve(listener, move |_| std::future::pending()));
    Ok(address)
}
