//! All benchmarks, each compared with a ceiling, baseline or limit in the same run, as a Markdown
//! table.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::client::Client;
use crate::fixture::Fixture;
use crate::server::Server;
use crate::statistics::{median, percentile};
use crate::subscribers::Subscribers;
use crate::{Result, baseline, print_result as row};
use crate::{compare, fanout, large_account, pages, posts, searches, slow_receivers};

struct Sizes {
    rounds: usize,
    seconds: u64,
    messages: u32,
    searched: u32,
    subscribers: &'static [usize],
    paced: u32,
    idle: usize,
}

const FULL: Sizes = Sizes {
    rounds: 3,
    seconds: 5,
    messages: 1_000_000,
    searched: 2_000_000,
    subscribers: &[100, 1_000, 5_000],
    paced: 100,
    idle: 5_000,
};
const QUICK: Sizes = Sizes {
    rounds: 1,
    seconds: 2,
    messages: 50_000,
    searched: 50_000,
    subscribers: &[100, 1_000],
    paced: 30,
    idle: 1_000,
};

/// A group of benchmarks.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Part {
    /// Memory of the idle server and of idle clients
    Idle,
    /// Durable posts per second
    Posts,
    /// Time from the start of the server to its first response
    Start,
    /// Pages of forty messages per second
    Pages,
    /// Fan-out from a post to all subscribers
    Fanout,
    /// Search among many messages
    Search,
    /// Response times with five thousand people and five hundred rooms
    LargeAccount,
    /// Latency for people and a healthy bot while other bots' webhook endpoints do not reply
    SlowReceivers,
}

/// Runs these parts, or all if there are none, and prints the table.
pub async fn run(program: &Path, quick: bool, only: &[Part]) -> Result<()> {
    let sizes = if quick { QUICK } else { FULL };
    let is_selected = |part| only.is_empty() || only.contains(&part);
    row("| benchmark | server | compared with | ratio |");
    row("|---|---|---|---|");
    row(&format!(
        "| size of the executable | {:.1} MB | | |",
        std::fs::metadata(program)?.len() as f64 / 1e6
    ));
    if is_selected(Part::Idle) {
        idle(program, &sizes).await?;
    }
    if is_selected(Part::Posts) {
        durable_posts(program, &sizes).await?;
    }
    if is_selected(Part::Start) || is_selected(Part::Pages) {
        let fixture = Fixture::create(program, 100).await?;
        fixture.fill(sizes.messages)?;
        if is_selected(Part::Start) {
            start(program, &fixture, &sizes).await?;
        }
        if is_selected(Part::Pages) {
            page_reads(program, &fixture, &sizes).await?;
        }
    }
    if is_selected(Part::Search) {
        search(program, &sizes).await?;
    }
    if is_selected(Part::LargeAccount) {
        large_account_responses(program).await?;
    }
    if is_selected(Part::SlowReceivers) {
        for found in slow_receivers::run(program, sizes.rounds, sizes.seconds + 1).await? {
            let ratio = found.latency.as_secs_f64() / found.healthy.as_secs_f64().max(1e-9);
            row(&format!(
                "| {} | {} | {}: while all are healthy | {ratio:.2} |",
                found.what,
                ms(found.latency),
                ms(found.healthy)
            ));
        }
    }
    for subscribers in sizes.subscribers.iter().filter(|_| is_selected(Part::Fanout)) {
        fan_out(program, *subscribers, &sizes).await?;
    }
    Ok(())
}

async fn idle(program: &Path, sizes: &Sizes) -> Result<()> {
    let fixture = Fixture::create(program, 100).await?;
    let server = Server::start(program, fixture.storage.path()).await?;
    // The server frees the memory that only its start needed within two seconds.
    tokio::time::sleep(Duration::from_secs(3)).await;
    let before = server.memory()?;
    row(&format!(
        "| memory of an idle server | {:.1} MB | limit 15 MB | {:.2} |",
        before as f64 / 1e3,
        before as f64 / 15e3
    ));
    let channels = [
        r#"{"channel":"RoomMessagesChannel","room_id":1}"#,
        r#"{"channel":"PresenceChannel","room_id":1}"#,
        r#"{"channel":"UnreadRoomsChannel"}"#,
    ];
    let connected =
        Subscribers::connect(server.address, &fixture.tokens, sizes.idle, &channels).await?;
    // Two pings pass, after which the server has freed the memory that only the handshakes needed.
    tokio::time::sleep(Duration::from_secs(7)).await;
    let each = server.memory()?.saturating_sub(before) as f64 / sizes.idle as f64;
    row(&format!(
        "| memory per idle client with three subscriptions, {} clients | {each:.1} KB | limit 6 KB | {:.2} |",
        sizes.idle,
        each / 6.0
    ));
    connected.finish().await?;
    server.stop().await
}

async fn durable_posts(program: &Path, sizes: &Sizes) -> Result<()> {
    for (connections, subscribers) in [(16, 50), (64, 50), (64, 0)] {
        let (mut rates, mut baselines, mut p50, mut p99) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for _ in 0..sizes.rounds {
            let fixture = Fixture::create(program, 50).await?;
            baselines.push(baseline::run(&fixture.database(), 5_000)?);
            let round = posts::round(program, connections, subscribers, sizes.seconds).await?;
            rates.push(round.rate);
            p50.push(round.p50);
            p99.push(round.p99);
        }
        let (rate, baseline) = (median(&mut rates), median(&mut baselines));
        p50.sort_unstable();
        p99.sort_unstable();
        row(&format!(
            "| durable posts, {connections} connections, room of 50, {subscribers} subscribers | {rate:.0}/s (p50 {}, p99 {}) | {baseline:.0}/s: one transaction per message, NORMAL, no HTTP | {:.2} |",
            ms(percentile(&p50, 50)),
            ms(percentile(&p99, 50)),
            rate / baseline
        ));
    }
    Ok(())
}

async fn start(program: &Path, fixture: &Fixture, sizes: &Sizes) -> Result<()> {
    let mut times = Vec::new();
    for _ in 0..sizes.rounds.max(3) {
        let start = Instant::now();
        let server = Server::start(program, fixture.storage.path()).await?;
        let response = Client::connect(server.address, "").await?.get("/up").await?;
        if response.status != 200 {
            return Err(format!("/up has status {}", response.status).into());
        }
        times.push(start.elapsed());
        server.stop().await?;
    }
    times.sort_unstable();
    let time = percentile(&times, 50);
    row(&format!(
        "| start until /up responds, {} messages | {} | limit 100 ms | {:.2} |",
        sizes.messages,
        ms(time),
        time.as_secs_f64() / 0.1
    ));
    Ok(())
}

async fn page_reads(program: &Path, fixture: &Fixture, sizes: &Sizes) -> Result<()> {
    let server = Server::start(program, fixture.storage.path()).await?;
    let one = &fixture.tokens[..1];
    let page = "/api/v1/rooms/1/messages";
    let body = Client::connect(server.address, &one[0]).await?.get(page).await?.body;
    let ceiling =
        Server::start_ceiling(&["serve-bytes", "--size", &body.len().to_string()]).await?;
    let always = |_: u16, _: &[u8]| Ok(());
    let (mut ceilings_one, mut ceilings_hundred) = (Vec::new(), Vec::new());
    let (mut one_person, mut hundred_people, mut uncached, mut up) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for round in 0..sizes.rounds {
        ceilings_one.push(
            pages::rate(ceiling.address, one, sizes.seconds, move |_, _| page.to_owned(), always)
                .await?,
        );
        ceilings_hundred.push(
            pages::rate(
                ceiling.address,
                &fixture.tokens,
                sizes.seconds,
                move |_, _| page.to_owned(),
                always,
            )
            .await?,
        );
        one_person.push(
            pages::rate(
                server.address,
                one,
                sizes.seconds,
                move |_, _| page.to_owned(),
                pages::is_page,
            )
            .await?,
        );
        hundred_people.push(
            pages::rate(
                server.address,
                &fixture.tokens,
                sizes.seconds,
                move |_, _| page.to_owned(),
                pages::is_page,
            )
            .await?,
        );
        up.push(
            pages::rate(server.address, one, sizes.seconds, |_, _| "/up".to_owned(), always)
                .await?,
        );
        uncached.push(
            pages::rate(
                server.address,
                one,
                sizes.seconds,
                pages::uncached(sizes.messages, round),
                pages::is_page,
            )
            .await?,
        );
    }
    let (few, many) = (median(&mut ceilings_one), median(&mut ceilings_hundred));
    let bytes = body.len() as f64 / 1000.0;
    let print = |what: &str, rates: &mut [f64], ceiling: f64| {
        let rate = median(rates);
        row(&format!(
            "| {what} | {rate:.0}/s | {ceiling:.0}/s: the same {bytes:.1} KB without any work | {:.2} |",
            rate / ceiling
        ));
    };
    print("cached page of 40, one person", &mut one_person, few);
    print("cached page of 40, a hundred people", &mut hundred_people, many);
    print("uncached page of 40", &mut uncached, few);
    print("/up, for comparison", &mut up, few);
    let (rate, written) =
        pages::while_written(server.address, &fixture.tokens, sizes.seconds, 50).await?;
    row(&format!(
        "| page of 40, a hundred people, while 50 messages per second are written ({written} in all) | {rate:.0}/s | {many:.0}/s | {:.2} |",
        rate / many
    ));
    ceiling.kill().await?;
    server.stop().await
}

async fn search(program: &Path, sizes: &Sizes) -> Result<()> {
    let fixture = Fixture::create(program, 4).await?;
    searches::fill(&fixture, sizes.searched)?;
    let server = Server::start(program, fixture.storage.path()).await?;
    let before = server.memory()?;
    let mut client = Client::connect(server.address, &fixture.tokens[0]).await?;
    let start = Instant::now();
    client.get("/api/v1/searches?q=lantern").await?.json(&[200])?;
    row(&format!(
        "| first search after the start, {} messages | {} | | |",
        sizes.searched,
        ms(start.elapsed())
    ));
    // The first search starts work in the background; the searches during it are not counted.
    searches::measure(&server, &fixture, &searches::KINDS[3]).await?;
    for kind in &searches::KINDS {
        let server_latency = searches::measure(&server, &fixture, kind).await?;
        let reference = searches::measure_reference(&fixture.database(), kind)?;
        row(&format!(
            "| search: {}, {} messages | {} (p99 {}) | {}: Campfire's query, no HTTP; limit 2 ms | {:.3} |",
            kind.name,
            sizes.searched,
            ms(server_latency.p50),
            ms(server_latency.p99),
            ms(reference),
            server_latency.p50.as_secs_f64() / reference.as_secs_f64()
        ));
    }
    row(&format!(
        "| memory kept after searching {} messages | {:.1} MB | | |",
        sizes.searched,
        server.memory()?.saturating_sub(before) as f64 / 1e3
    ));
    server.stop().await
}

async fn large_account_responses(program: &Path) -> Result<()> {
    for times in large_account::run(program).await? {
        row(&format!(
            "| {} people, {} ({:.0} KB) | {} (p99 {}) | limit 50 ms | {:.2} |",
            large_account::PEOPLE,
            times.what,
            times.bytes as f64 / 1e3,
            ms(times.p50),
            ms(times.p99),
            times.p99.as_secs_f64() / 0.05
        ));
    }
    Ok(())
}

/// Compares two builds; a ratio above one means that `program` is better.
pub async fn compare_builds(program: &Path, other: &Path, quick: bool) -> Result<()> {
    let sizes = if quick { QUICK } else { FULL };
    row("| benchmark | this build | other build | ratio |");
    row("|---|---|---|---|");
    for found in
        compare::run(program, other, sizes.rounds, sizes.seconds, sizes.messages / 5).await?
    {
        row(&format!(
            "| {} | {:.2} | {:.2} | {:.2} |",
            found.what, found.this, found.other, found.ratio
        ));
    }
    Ok(())
}

async fn fan_out(program: &Path, subscribers: usize, sizes: &Sizes) -> Result<()> {
    let (mut servers, mut ceilings) = (Vec::new(), Vec::new());
    // Linux counts processor time in hundredths of a second, so that few subscribers need more
    // messages for a measurable amount.
    let paced = sizes.paced.max(sizes.paced * 1_000 / u32::try_from(subscribers)?);
    for _ in 0..sizes.rounds {
        ceilings.push(fanout::measure_ceiling(subscribers, paced, 800).await?);
        servers.push(fanout::measure_server(program, subscribers, paced).await?);
    }
    let time = |of: &[fanout::FanOut], get: fn(&fanout::FanOut) -> Duration| {
        let mut all = of.iter().map(get).collect::<Vec<_>>();
        all.sort_unstable();
        percentile(&all, 50)
    };
    let print = |what: &str, get: fn(&fanout::FanOut) -> Duration| {
        let (server, ceiling) = (time(&servers, get), time(&ceilings, get));
        let ratio = server.as_secs_f64() / ceiling.as_secs_f64().max(1e-9);
        row(&format!(
            "| {what}, {subscribers} subscribers | {} | {}: plain sockets | {ratio:.2} |",
            ms(server),
            ms(ceiling)
        ));
    };
    print("post until received by all, p50", |of| of.p50);
    print("post until received by all, p99", |of| of.p99);
    print("processor time per delivery, one post at a time", |of| of.cpu_paced);
    print("processor time per delivery, 32 posts in flight", |of| of.cpu_saturated);
    let rate = |of: &[fanout::FanOut]| median(&mut of.iter().map(|of| of.rate).collect::<Vec<_>>());
    let (server, ceiling) = (rate(&servers), rate(&ceilings));
    row(&format!(
        "| deliveries per second, 32 posts in flight, {subscribers} subscribers | {server:.0}/s | {ceiling:.0}/s: plain sockets | {:.2} |",
        server / ceiling
    ));
    Ok(())
}

fn ms(time: Duration) -> String {
    if time < Duration::from_micros(100) {
        format!("{:.2} µs", time.as_secs_f64() * 1e6)
    } else {
        format!("{:.2} ms", time.as_secs_f64() * 1e3)
    }
}
