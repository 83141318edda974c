//! Whether slow and dead webhook endpoints delay others: latency for people and for a healthy bot
//! while the endpoints of other bots do not reply, compared with the same while these are healthy.

use std::collections::HashMap;
use std::future::ready;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde_json::json;
use test_support::endpoint::{Reply, serve};
use test_support::webhook_endpoint::Call;
use tokio::net::TcpSocket;

use crate::Result;
use crate::client::Client;
use crate::fixture::{Fixture, sentence};
use crate::server::Server;
use crate::statistics::percentile;
use crate::test_actors::sgid_of;

/// People who post concurrently.
const WRITERS: usize = 8;
/// Messages per second, of all of them together.
const RATE: u32 = 50;
/// Bots besides the healthy one, all mentioned equally often.
const OTHERS: usize = 30;
/// How long the healthy bot may take at the end; messages that it has not received by then count as
/// received then.
const DELIVERY_TIMEOUT: Duration = Duration::from_secs(20);

/// The condition of the other bots' endpoints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Others {
    Healthy,
    /// A third hang until the server times out, a third reply with status 500, a third refuse
    /// connections.
    Mixed,
    /// All hang until the server times out.
    Hanging,
}

impl Others {
    fn description(self) -> String {
        match self {
            Self::Healthy => format!("{OTHERS} others are healthy"),
            Self::Mixed => format!("{OTHERS} others hang, fail or refuse connections"),
            Self::Hanging => format!("{OTHERS} others hang"),
        }
    }
}

/// One of the latencies of a round.
type Latency = fn(&Latencies) -> &[Duration];

/// What is measured: name, percentile, latency.
const METRICS: [(&str, usize, Latency); 4] = [
    ("post until acknowledged, p50", 50, |latencies| &latencies.posts),
    ("post until acknowledged, p99", 99, |latencies| &latencies.posts),
    ("acknowledged until the healthy bot is called, p50", 50, |latencies| &latencies.calls),
    ("acknowledged until the healthy bot is called, p99", 99, |latencies| &latencies.calls),
];

/// A latency, compared with the same while all endpoints are healthy.
pub struct Comparison {
    /// What was measured under which condition.
    pub what: String,
    pub latency: Duration,
    pub healthy: Duration,
}

/// Measures the conditions in alternating rounds and returns the medians.
pub async fn run(program: &Path, rounds: usize, seconds: u64) -> Result<Vec<Comparison>> {
    let all = [Others::Healthy, Others::Mixed, Others::Hanging];
    let mut scenarios = Vec::new();
    for others in all {
        scenarios.push((Scenario::create(program, others).await?, Vec::new()));
    }
    for round in 0..rounds {
        for (scenario, latencies) in &mut scenarios {
            latencies.push(scenario.round(program, round, seconds).await?);
        }
    }
    let median = |rounds: &[Latencies], percent: usize, of: Latency| {
        let mut times =
            rounds.iter().map(|latencies| percentile(of(latencies), percent)).collect::<Vec<_>>();
        times.sort_unstable();
        percentile(&times, 50)
    };
    let (healthy, faulty) = scenarios.split_first().ok_or("no scenario")?;
    let comparisons = faulty.iter().zip(&all[1..]).flat_map(|((_, rounds), others)| {
        METRICS.map(|(what, percent, of)| Comparison {
            what: format!("{what}, while {}", others.description()),
            latency: median(rounds, percent, of),
            healthy: median(&healthy.1, percent, of),
        })
    });
    Ok(comparisons.collect())
}

/// The sorted latencies of a round.
struct Latencies {
    /// From a post to its acknowledgement.
    posts: Vec<Duration>,
    /// From the acknowledgement to the call of the healthy bot.
    calls: Vec<Duration>,
}

/// When the healthy bot was called about each message.
type CallTimes = Arc<Mutex<HashMap<i64, Instant>>>;

/// A storage directory with bots, kept from round to round together with its job queue.
struct Scenario {
    fixture: Fixture,
    /// The healthy bot's signed ID.
    healthy: String,
    /// The other bots' signed IDs.
    others: Vec<String>,
    call_times: CallTimes,
    /// Bound ports without a listener, which refuse connections.
    _refusing: Vec<TcpSocket>,
}

impl Scenario {
    /// Creates the bots and their endpoints.
    async fn create(program: &Path, others: Others) -> Result<Self> {
        let fixture = Fixture::create(program, WRITERS).await?;
        let call_times = CallTimes::default();
        let mut refusing = Vec::new();
        let mut addresses = vec![recording_endpoint(call_times.clone()).await?];
        for index in 0..OTHERS {
            addresses.push(match others {
                Others::Healthy => endpoint(Reply::Status(204)).await?,
                Others::Mixed if index % 3 == 1 => endpoint(Reply::Status(500)).await?,
                Others::Mixed if index % 3 == 2 => {
                    let socket = TcpSocket::new_v4()?;
                    socket.bind("127.0.0.1:0".parse()?)?;
                    let address = socket.local_addr()?;
                    refusing.push(socket);
                    address
                }
                Others::Mixed | Others::Hanging => endpoint(Reply::Hang).await?,
            });
        }
        let server = Server::start(program, fixture.storage.path()).await?;
        let mut client = Client::connect(server.address, &fixture.tokens[0]).await?;
        let mut ids = Vec::new();
        for (index, address) in addresses.into_iter().enumerate() {
            let form = json!({ "name": format!("Bot {index}") }).to_string();
            let created = client.post("/api/v1/bots", &form).await?.json(&[201])?;
            let id = created["id"].as_i64().ok_or("the bot has no ID")?;
            let form = json!({ "webhook_url": format!("http://{address}/") }).to_string();
            client.send("PATCH", &format!("/api/v1/bots/{id}"), &form).await?.json(&[200])?;
            ids.push(id);
        }
        let users = client.get("/api/v1/users?room_id=1&limit=500").await?.json(&[200])?;
        let sgids = ids.iter().map(|id| sgid_of(&users, *id)).collect::<Option<Vec<_>>>();
        let mut sgids = sgids.ok_or("a bot cannot be mentioned")?;
        drop(client);
        server.stop().await?;
        let others = sgids.split_off(1);
        let healthy = sgids.pop().ok_or("no bot")?;
        Ok(Self { fixture, healthy, others, call_times, _refusing: refusing })
    }

    /// Posts at a steady rate for some seconds.
    async fn round(&self, program: &Path, round: usize, seconds: u64) -> Result<Latencies> {
        let server = Server::start(program, self.fixture.storage.path()).await?;
        let start = Instant::now();
        let share = u32::try_from(seconds)? * RATE / WRITERS as u32;
        let writers = (0..WRITERS).map(|writer| {
            let (address, token) = (server.address, self.fixture.tokens[writer].clone());
            let bodies =
                (0..share).map(|count| self.body(round, writer, count)).collect::<Vec<_>>();
            // The writers start one after the other, so that posts are spread evenly.
            let first = start + Duration::from_secs(1) / RATE * u32::try_from(writer).unwrap_or(0);
            tokio::spawn(async move {
                write(Client::connect(address, &token).await?, bodies, first).await
            })
        });
        let mut posts = Vec::new();
        for writer in writers.collect::<Vec<_>>() {
            posts.extend(writer.await??);
        }
        let called = self.wait_for_calls(&posts).await;
        server.stop().await?;
        let mut latencies = Latencies {
            posts: posts.iter().map(|post| post.latency).collect(),
            calls: posts
                .iter()
                .zip(&called)
                .map(|(post, called)| called.saturating_duration_since(post.acknowledged))
                .collect(),
        };
        latencies.posts.sort_unstable();
        latencies.calls.sort_unstable();
        Ok(latencies)
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

    /// Waits until the healthy bot was called about each of these, and returns when.
    async fn wait_for_calls(&self, posts: &[Post]) -> Vec<Instant> {
        let deadline = Instant::now() + DELIVERY_TIMEOUT;
        loop {
            let now = Instant::now();
            let called = {
                let times = self.call_times.lock().unwrap_or_else(PoisonError::into_inner);
                posts.iter().map(|post| times.get(&post.message).copied()).collect::<Vec<_>>()
            };
            if now > deadline || called.iter().all(Option::is_some) {
                return called.into_iter().map(|time| time.unwrap_or(now)).collect();
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

/// A posted message.
struct Post {
    message: i64,
    latency: Duration,
    acknowledged: Instant,
}

/// Posts on schedule, regardless of how long the previous post took.
async fn write(mut client: Client, bodies: Vec<String>, first: Instant) -> Result<Vec<Post>> {
    let mut posts = Vec::new();
    for (count, body) in bodies.iter().enumerate() {
        let scheduled = first + Duration::from_secs(1) * u32::try_from(count * WRITERS)? / RATE;
        tokio::time::sleep_until(scheduled.into()).await;
        let start = Instant::now();
        let response = client.post("/api/v1/rooms/1/messages", body).await?;
        let acknowledged = Instant::now();
        posts.push(Post {
            message: response.created_id()?,
            latency: acknowledged - start,
            acknowledged,
        });
    }
    Ok(posts)
}

/// An endpoint that records when it was called about each message, and replies immediately.
async fn recording_endpoint(call_times: CallTimes) -> Result<SocketAddr> {
    let record = move |request| {
        let now = Instant::now();
        let call = Call::parse(request).ok();
        let Some(message) = call.and_then(|call| call.json["message"]["id"].as_i64()) else {
            return ready(Reply::Close);
        };
        let mut times = call_times.lock().unwrap_or_else(PoisonError::into_inner);
        times.entry(message).or_insert(now);
        ready(Reply::Status(204))
    };
    Ok(serve(record).await?)
}

/// An endpoint that always replies like this.
async fn endpoint(reply: Reply) -> Result<SocketAddr> {
    Ok(serve(move |_| ready(reply.clone())).await?)
}
