//! Composes nasty bodies for as long as told and checks each as the tests do: `cargo run --release
//! -p rich_text --example torture -- SECONDS [SEED]`. It cuts, splices, repeats and spoils the
//! bodies of the corpus and the pieces of the tests. What breaks is printed with its seed, and ends
//! it with an error.
#![allow(clippy::print_stdout, reason = "its output is what it is for")]

#[path = "../tests/support/corpus.rs"]
mod corpus;
#[path = "../tests/support/invariants.rs"]
mod invariants;
#[path = "../tests/support/people.rs"]
mod people;
#[path = "../tests/support/pieces.rs"]
mod pieces;

use std::process::ExitCode;
use std::time::{Duration, Instant};

/// Bytes of a body; longer ones only make everything slower.
const MOST: usize = 4096;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1).map(|argument| argument.parse::<u64>());
    let (Some(Ok(seconds)), Some(Ok(seed))) = (arguments.next(), arguments.next().or(Some(Ok(1))))
    else {
        println!("usage: torture SECONDS [SEED]");
        return ExitCode::FAILURE;
    };
    let mut random = Random(seed.max(1));
    let mut bodies: Vec<String> = corpus::cases()
        .into_iter()
        .map(|case| case.body)
        .filter(|body| body.len() <= MOST)
        .collect();
    let (start, mut rounds) = (Instant::now(), 0_u64);
    while start.elapsed() < Duration::from_secs(seconds) {
        rounds += 1;
        let body = compose(&bodies, &mut random);
        let outcome = std::panic::catch_unwind(|| invariants::check(&body));
        if !matches!(outcome, Ok(Ok(()))) {
            println!("round {rounds} of seed {seed}: {body:?}\n{outcome:?}");
            return ExitCode::FAILURE;
        }
        // Some of what was composed is composed further.
        if random.below(16) == 0 {
            let place = random.below(bodies.len());
            bodies[place] = body;
        }
    }
    println!("{rounds} bodies, nothing found");
    ExitCode::SUCCESS
}

/// A body made of others.
fn compose(bodies: &[String], random: &mut Random) -> String {
    let mut body = if random.below(4) == 0 {
        String::new()
    } else {
        bodies[random.below(bodies.len())].clone()
    };
    for _ in 0..=random.below(8) {
        let (from, to) = (random.boundary(&body), random.boundary(&body));
        let (from, to) = (from.min(to), from.max(to));
        match random.below(6) {
            0 => body.replace_range(from..to, ""),
            1 => body = format!("{}{}{}", &body[..to], &body[from..to], &body[to..]),
            2 => {
                let other = &bodies[random.below(bodies.len())];
                let at = random.boundary(other);
                body.replace_range(to.., &other[at..]);
            }
            _ => (0..=random.below(4)).for_each(|_| {
                body.insert_str(from, pieces::PIECES[random.below(pieces::PIECES.len())])
            }),
        }
    }
    body.truncate(body.floor_char_boundary(MOST));
    body
}

/// A generator that needs no more than to be quick and repeatable (xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % bound.max(1) as u64).unwrap_or_default()
    }

    fn boundary(&mut self, text: &str) -> usize {
        text.floor_char_boundary(self.below(text.len() + 1))
    }
}
