//! All measurements, each beside what it is compared with in the same run, as one Markdown table.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::Outcome;
use crate::client::Client;
use crate::numbers::{median, percentile};
use crate::server::Server;
use crate::sockets::Subscribers;
use crate::world::World;
use crate::{baseline, beside, crowd, fanout, index_cost, neighbours, pages, posts, searches};

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

/// A group of measurements that can be asked for alone.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Part {
    /// Memory, of the server alone and of idle clients
    Idle,
    /// Durable messages a second
    Posts,
    /// Time until the server answers after its start
    Start,
    /// Pages of forty messages a second
    Pages,
    /// From a post to everybody who listens
    Fanout,
    /// Words found among many messages
    Search,
    /// What people wait for among five thousand people and five hundred rooms
    Crowd,
    /// What people and a healthy bot wait for while other bots' receivers do not answer
    Receivers,
    /// What the full-text index costs when messages are stored
    IndexCost,
}

/// Measures what is asked for (nothing: everything) and prints the table.
pub async fn run(program: &Path, quick: bool, only: &[Part]) -> Outcome<()> {
    let sizes = if quick { QUICK } else { FULL };
    let asked = |part| only.is_empty() || only.contains(&part);
    row("| what | server | compared with | ratio |");
    row("|---|---|---|---|");
    row(&format!(
        "| size of the program | {:.1} MB | | |",
        std::fs::metadata(program)?.len() as f64 / 1e6
    ));
    if asked(Part::Idle) {
        idle(program, &sizes).await?;
    }
    if asked(Part::Posts) {
        durable_posts(program, &sizes).await?;
    }
    if asked(Part::Start) || asked(Part::Pages) {
        let world = World::create(program, 100).await?;
        world.fill(sizes.messages)?;
        if asked(Part::Start) {
            start(program, &world, &sizes).await?;
        }
        if asked(Part::Pages) {
            reading(program, &world, &sizes).await?;
        }
    }
    if asked(Part::Search) {
        searching(program, &sizes).await?;
    }
    if asked(Part::Crowd) {
        large_house(program).await?;
    }
    if asked(Part::Receivers) {
        for beside in neighbours::run(program, sizes.rounds, sizes.seconds + 1).await? {
            let ratio = beside.here.as_secs_f64() / beside.well.as_secs_f64().max(1e-9);
            row(&format!(
                "| {} | {} | {}: while all are well | {ratio:.2} |",
                beside.what,
                ms(beside.here),
                ms(beside.well)
            ));
        }
    }
    // Asked for by name only: it compares settings of the index, not the server with anything.
    if only.contains(&Part::IndexCost) {
        cost_of_index(program, &sizes).await?;
    }
    for subscribers in sizes.subscribers.iter().filter(|_| asked(Part::Fanout)) {
        fan_out(program, *subscribers, &sizes).await?;
    }
    Ok(())
}

async fn idle(program: &Path, sizes: &Sizes) -> Outcome<()> {
    let world = World::create(program, 100).await?;
    let server = Server::start(program, world.storage.path()).await?;
    // What only the start needed is given back within a second or two.
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
    let crowd = Subscribers::connect(server.address, &world.tokens, sizes.idle, &channels).await?;
    // Two pings pass, so that everything that is only needed at the beginning is given back.
    tokio::time::sleep(Duration::from_secs(7)).await;
    let each = server.memory()?.saturating_sub(before) as f64 / sizes.idle as f64;
    row(&format!(
        "| memory per idle client with three subscriptions, {} clients | {each:.1} KB | limit 6 KB | {:.2} |",
        sizes.idle,
        each / 6.0
    ));
    crowd.finish().await?;
    server.stop().await
}

async fn durable_posts(program: &Path, sizes: &Sizes) -> Outcome<()> {
    for (connections, listeners) in [(16, 50), (64, 50), (64, 0)] {
        let (mut rates, mut floors, mut p50, mut p99) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for _ in 0..sizes.rounds {
            let world = World::create(program, 50).await?;
            floors.push(baseline::run(&world.database(), 5_000)?);
            let round = posts::round(program, connections, listeners, sizes.seconds).await?;
            rates.push(round.rate);
            p50.push(round.p50);
            p99.push(round.p99);
        }
        let (rate, floor) = (median(&mut rates), median(&mut floors));
        p50.sort_unstable();
        p99.sort_unstable();
        row(&format!(
            "| durable posts, {connections} connections, room of 50, {listeners} listening | {rate:.0}/s (p50 {}, p99 {}) | {floor:.0}/s: one transaction per message, NORMAL, no HTTP | {:.2} |",
            ms(percentile(&p50, 50)),
            ms(percentile(&p99, 50)),
            rate / floor
        ));
    }
    Ok(())
}

async fn start(program: &Path, world: &World, sizes: &Sizes) -> Outcome<()> {
    let mut times = Vec::new();
    for _ in 0..sizes.rounds.max(3) {
        let begun = Instant::now();
        let server = Server::start(program, world.storage.path()).await?;
        let answer = Client::connect(server.address, "").await?.get("/up").await?;
        if answer.status != 200 {
            return Err(format!("/up answered {}", answer.status).into());
        }
        times.push(begun.elapsed());
        server.stop().await?;
    }
    times.sort_unstable();
    let time = percentile(&times, 50);
    row(&format!(
        "| start until /up answers, {} messages | {} | limit 100 ms | {:.2} |",
        sizes.messages,
        ms(time),
        time.as_secs_f64() / 0.1
    ));
    Ok(())
}

async fn reading(program: &Path, world: &World, sizes: &Sizes) -> Outcome<()> {
    let server = Server::start(program, world.storage.path()).await?;
    let one = &world.tokens[..1];
    let page = "/api/v1/rooms/1/messages";
    let body = Client::connect(server.address, &one[0]).await?.get(page).await?.body;
    let floor = Server::floor(&["serve-bytes", "--size", &body.len().to_string()]).await?;
    let always = |_: u16, _: &[u8]| Ok(());
    let (mut floors, mut crowded, mut alone) = (Vec::new(), Vec::new(), Vec::new());
    let (mut crowd, mut uncached, mut up) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..sizes.rounds {
        floors.push(
            pages::rate(floor.address, one, sizes.seconds, move |_, _| page.to_owned(), always)
                .await?,
        );
        crowded.push(
            pages::rate(
                floor.address,
                &world.tokens,
                sizes.seconds,
                move |_, _| page.to_owned(),
                always,
            )
            .await?,
        );
        alone.push(
            pages::rate(
                server.address,
                one,
                sizes.seconds,
                move |_, _| page.to_owned(),
                pages::is_page,
            )
            .await?,
        );
        crowd.push(
            pages::rate(
                server.address,
                &world.tokens,
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
                pages::never_read(sizes.messages, round),
                pages::is_page,
            )
            .await?,
        );
    }
    let (few, many) = (median(&mut floors), median(&mut crowded));
    let bytes = body.len() as f64 / 1000.0;
    let tell = |what: &str, rates: &mut [f64], floor: f64| {
        let rate = median(rates);
        row(&format!(
            "| {what} | {rate:.0}/s | {floor:.0}/s: the same {bytes:.1} KB without any work | {:.2} |",
            rate / floor
        ));
    };
    tell("warm page of 40, one person", &mut alone, few);
    tell("warm page of 40, a hundred people", &mut crowd, many);
    tell("page of 40 never read before", &mut uncached, few);
    tell("/up, for comparison", &mut up, few);
    let (rate, written) =
        pages::while_written(server.address, &world.tokens, sizes.seconds, 50).await?;
    row(&format!(
        "| page of 40, a hundred people, while 50 messages a second are written ({written} in all) | {rate:.0}/s | {many:.0}/s | {:.2} |",
        rate / many
    ));
    floor.kill().await?;
    server.stop().await
}

async fn searching(program: &Path, sizes: &Sizes) -> Outcome<()> {
    let world = World::create(program, 4).await?;
    searches::fill(&world, sizes.searched)?;
    let server = Server::start(program, world.storage.path()).await?;
    let before = server.memory()?;
    let mut client = Client::connect(server.address, &world.tokens[0]).await?;
    let begun = Instant::now();
    client.get("/api/v1/searches?q=lantern").await?.json(&[200])?;
    row(&format!(
        "| first search after the start, {} messages | {} | | |",
        sizes.searched,
        ms(begun.elapsed())
    ));
    // What the first search set off runs beside the others; these are not counted.
    searches::ours(&server, &world, &searches::KINDS[3]).await?;
    for kind in &searches::KINDS {
        let ours = searches::ours(&server, &world, kind).await?;
        let naive = searches::naive(&world.database(), kind)?;
        row(&format!(
            "| search: {}, {} messages | {} (p99 {}) | {}: Campfire's query, no HTTP; limit 2 ms | {:.3} |",
            kind.name,
            sizes.searched,
            ms(ours.p50),
            ms(ours.p99),
            ms(naive),
            ours.p50.as_secs_f64() / naive.as_secs_f64()
        ));
    }
    row(&format!(
        "| memory that searching {} messages keeps | {:.1} MB | | |",
        sizes.searched,
        server.memory()?.saturating_sub(before) as f64 / 1e3
    ));
    server.stop().await
}

async fn large_house(program: &Path) -> Outcome<()> {
    for waited in crowd::run(program).await? {
        row(&format!(
            "| {} people, {} ({:.0} KB) | {} (p99 {}) | limit 50 ms | {:.2} |",
            crowd::PEOPLE,
            waited.what,
            waited.bytes as f64 / 1e3,
            ms(waited.p50),
            ms(waited.p99),
            waited.p99.as_secs_f64() / 0.05
        ));
    }
    Ok(())
}

/// Another build beside this one; above one, this one is better.
pub async fn compare(program: &Path, other: &Path, quick: bool) -> Outcome<()> {
    let sizes = if quick { QUICK } else { FULL };
    row("| what | this build | the other | how much better |");
    row("|---|---|---|---|");
    for found in
        beside::run(program, other, sizes.rounds, sizes.seconds, sizes.messages / 5).await?
    {
        row(&format!(
            "| {} | {:.2} | {:.2} | {:.2} |",
            found.what, found.here, found.there, found.ratio
        ));
    }
    Ok(())
}

async fn cost_of_index(program: &Path, sizes: &Sizes) -> Outcome<()> {
    let world = World::create(program, 2).await?;
    world.fill(sizes.searched / 10)?;
    for batch in [1, 16] {
        let costs = index_cost::run(&world.database(), sizes.paced * 160, batch)?;
        let floor = costs[0].each;
        for cost in costs {
            row(&format!(
                "| storing messages, {batch} in a commit, {} | {:.1} µs each (commit p50 {}, p99.9 {}) | {:.1} µs without index; common word afterwards {} | {:.2} |",
                cost.name,
                cost.each.as_secs_f64() * 1e6,
                ms(cost.p50),
                ms(cost.p999),
                floor.as_secs_f64() * 1e6,
                ms(cost.search),
                cost.each.as_secs_f64() / floor.as_secs_f64()
            ));
        }
    }
    Ok(())
}

async fn fan_out(program: &Path, subscribers: usize, sizes: &Sizes) -> Outcome<()> {
    let (mut ours, mut floors) = (Vec::new(), Vec::new());
    // Linux counts processor time in hundredths of a second, so that a small crowd needs more
    // messages to show any.
    let paced = sizes.paced.max(sizes.paced * 1_000 / u32::try_from(subscribers)?);
    for _ in 0..sizes.rounds {
        floors.push(fanout::floor(subscribers, paced, 800).await?);
        ours.push(fanout::server(program, subscribers, paced).await?);
    }
    let time = |of: &[fanout::FanOut], get: fn(&fanout::FanOut) -> Duration| {
        let mut all = of.iter().map(get).collect::<Vec<_>>();
        all.sort_unstable();
        percentile(&all, 50)
    };
    let tell = |what: &str, get: fn(&fanout::FanOut) -> Duration| {
        let (server, floor) = (time(&ours, get), time(&floors, get));
        let ratio = server.as_secs_f64() / floor.as_secs_f64().max(1e-9);
        row(&format!(
            "| {what}, {subscribers} listening | {} | {}: plain sockets | {ratio:.2} |",
            ms(server),
            ms(floor)
        ));
    };
    tell("post until all have it, p50", |of| of.p50);
    tell("post until all have it, p99", |of| of.p99);
    tell("processor time per delivery, one message at a time", |of| of.cpu_paced);
    tell("processor time per delivery, 32 in flight", |of| of.cpu_saturated);
    let rate = |of: &[fanout::FanOut]| median(&mut of.iter().map(|of| of.rate).collect::<Vec<_>>());
    let (server, floor) = (rate(&ours), rate(&floors));
    row(&format!(
        "| deliveries a second, 32 in flight, {subscribers} listening | {server:.0}/s | {floor:.0}/s: plain sockets | {:.2} |",
        server / floor
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

#[expect(clippy::print_stdout, reason = "the table is the result")]
fn row(line: &str) {
    println!("{line}");
}
