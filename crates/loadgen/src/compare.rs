//! Compares two builds of the server in alternating rounds, so that both run under the same load on
//! the machine.

use std::path::Path;
use std::time::Duration;

use crate::Result;
use crate::client::Client;
use crate::fixture::Fixture;
use crate::server::Server;
use crate::statistics::median;
use crate::{fanout, pages, posts};

/// The metrics, and whether a higher value is better.
const METRICS: [(&str, bool); 8] = [
    ("durable posts per second, 16 connections, 50 subscribers", true),
    ("durable posts per second, 64 connections, 50 subscribers", true),
    ("cached pages of 40 per second, one person", true),
    ("cached pages of 40 per second, a hundred people", true),
    ("uncached pages of 40 per second", true),
    ("post until received by all 1000 subscribers, p50, ms", false),
    ("post until received by all 1000 subscribers, p99, ms", false),
    ("deliveries per second, 32 posts in flight, 1000 subscribers", true),
];

/// Posts one after the other; each of thirty-two concurrent posters then sends an eighth of this
/// number.
const PACED: u32 = 200;

/// The values of each metric for one build.
type Values = [Vec<f64>; METRICS.len()];

/// A metric of both builds.
pub struct Comparison {
    pub what: &'static str,
    /// Median of this build.
    pub this: f64,
    /// Median of the other build.
    pub other: f64,
    /// Above one if this build is better.
    pub ratio: f64,
}

/// Measures both builds in alternating rounds.
pub async fn run(
    this: &Path,
    other: &Path,
    rounds: usize,
    seconds: u64,
    messages: u32,
) -> Result<Vec<Comparison>> {
    // Each build has a database of its own, because their schemas may differ.
    let fixtures = [filled(this, messages).await?, filled(other, messages).await?];
    let mut values: [Values; 2] = Default::default();
    for round in 0..rounds {
        let mut turns = [(this, 0), (other, 1)];
        turns.rotate_left(round % 2);
        for (program, build) in turns {
            let mut measured = Vec::new();
            for connections in [16, 64] {
                measured.push(posts::round(program, connections, 50, seconds).await?.rate);
            }
            measured
                .extend(measure_pages(program, &fixtures[build], round, seconds, messages).await?);
            let fan_out = fanout::measure_server(program, 1_000, PACED).await?;
            measured
                .extend([fan_out.p50, fan_out.p99].map(|time: Duration| time.as_secs_f64() * 1e3));
            measured.push(fan_out.rate);
            values[build].iter_mut().zip(measured).for_each(|(metric, value)| metric.push(value));
        }
    }
    let [mut this, mut other] = values;
    let comparisons = METRICS.iter().zip(this.iter_mut().zip(other.iter_mut())).map(
        |((what, higher_is_better), (this, other))| {
            let (this, other) = (median(this), median(other));
            let ratio = if *higher_is_better { this / other } else { other / this };
            Comparison { what, this, other, ratio }
        },
    );
    Ok(comparisons.collect())
}

async fn filled(program: &Path, messages: u32) -> Result<Fixture> {
    let fixture = Fixture::create(program, 100).await?;
    fixture.fill(messages)?;
    Ok(fixture)
}

async fn measure_pages(
    program: &Path,
    fixture: &Fixture,
    round: usize,
    seconds: u64,
    messages: u32,
) -> Result<[f64; 3]> {
    let server = Server::start(program, fixture.storage.path()).await?;
    let (page, one) = ("/api/v1/rooms/1/messages", &fixture.tokens[..1]);
    // Fills the cache.
    Client::connect(server.address, &one[0]).await?.get(page).await?.json(&[200])?;
    let one_person =
        pages::rate(server.address, one, seconds, move |_, _| page.to_owned(), pages::is_page)
            .await?;
    let hundred_people = pages::rate(
        server.address,
        &fixture.tokens,
        seconds,
        move |_, _| page.to_owned(),
        pages::is_page,
    )
    .await?;
    let uncached =
        pages::rate(server.address, one, seconds, pages::uncached(messages, round), pages::is_page)
            .await?;
    server.stop().await?;
    Ok([one_person, hundred_people, uncached])
}
