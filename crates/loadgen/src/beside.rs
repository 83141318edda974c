//! Two builds of the server beside each other, round by round in turns, so that both meet the same
//! weather on the machine: did a change cost anything?

use std::path::Path;
use std::time::Duration;

use crate::Outcome;
use crate::client::Client;
use crate::numbers::median;
use crate::server::Server;
use crate::world::World;
use crate::{fanout, pages, posts};

/// What is compared, and whether more of it is better.
const KINDS: [(&str, bool); 8] = [
    ("durable posts a second, 16 connections, 50 listening", true),
    ("durable posts a second, 64 connections, 50 listening", true),
    ("warm pages of 40 a second, one person", true),
    ("warm pages of 40 a second, a hundred people", true),
    ("pages of 40 never read before, a second", true),
    ("post until all 1000 listeners have it, p50, ms", false),
    ("post until all 1000 listeners have it, p99, ms", false),
    ("deliveries a second, 32 in flight, 1000 listening", true),
];

/// Messages one after the other; an eighth of them is sent by thirty-two at once.
const PACED: u32 = 200;

/// One kind's figures, of one build.
type Figures = [Vec<f64>; KINDS.len()];

/// A comparison.
pub struct Beside {
    /// What was measured.
    pub what: &'static str,
    /// Median of this build.
    pub here: f64,
    /// Median of the other.
    pub there: f64,
    /// Above one: this build is the better one.
    pub ratio: f64,
}

/// Measures both builds in turns.
pub async fn run(
    here: &Path,
    there: &Path,
    rounds: usize,
    seconds: u64,
    messages: u32,
) -> Outcome<Vec<Beside>> {
    // Each has a database of its own: they may not have the same schema.
    let worlds = [filled(here, messages).await?, filled(there, messages).await?];
    let mut figures: [Figures; 2] = Default::default();
    for round in 0..rounds {
        let mut turns = [(here, 0), (there, 1)];
        turns.rotate_left(round % 2);
        for (program, which) in turns {
            let mut found = Vec::new();
            for connections in [16, 64] {
                found.push(posts::round(program, connections, 50, seconds).await?.rate);
            }
            found.extend(reading(program, &worlds[which], round, seconds, messages).await?);
            let fan = fanout::server(program, 1_000, PACED).await?;
            found.extend([fan.p50, fan.p99].map(|time: Duration| time.as_secs_f64() * 1e3));
            found.push(fan.rate);
            figures[which].iter_mut().zip(found).for_each(|(kind, figure)| kind.push(figure));
        }
    }
    let [mut ours, mut theirs] = figures;
    let compared = KINDS.iter().zip(ours.iter_mut().zip(theirs.iter_mut())).map(
        |((what, more), (ours, theirs))| {
            let (here, there) = (median(ours), median(theirs));
            Beside { what, here, there, ratio: if *more { here / there } else { there / here } }
        },
    );
    Ok(compared.collect())
}

async fn filled(program: &Path, messages: u32) -> Outcome<World> {
    let world = World::create(program, 100).await?;
    world.fill(messages)?;
    Ok(world)
}

async fn reading(
    program: &Path,
    world: &World,
    round: usize,
    seconds: u64,
    messages: u32,
) -> Outcome<[f64; 3]> {
    let server = Server::start(program, world.storage.path()).await?;
    let (page, one) = ("/api/v1/rooms/1/messages", &world.tokens[..1]);
    // The first asks for what later ones find ready.
    Client::connect(server.address, &one[0]).await?.get(page).await?.json(&[200])?;
    let alone =
        pages::rate(server.address, one, seconds, move |_, _| page.to_owned(), pages::is_page)
            .await?;
    let crowd = pages::rate(
        server.address,
        &world.tokens,
        seconds,
        move |_, _| page.to_owned(),
        pages::is_page,
    )
    .await?;
    let uncached = pages::rate(
        server.address,
        one,
        seconds,
        pages::never_read(messages, round),
        pages::is_page,
    )
    .await?;
    server.stop().await?;
    Ok([alone, crowd, uncached])
}
