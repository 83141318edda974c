//! `cargo run --release -p rich_text --example speed` measures microseconds per ordinary message,
//! by kind of message and operation.
#![allow(clippy::print_stdout, reason = "the output is the purpose of this program")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use rich_text::{Body, Mentioned, Mentions, canonicalize, plain_text, render};

/// Iterations per body: steady results within a second or two.
const ITERATIONS: u32 = 20_000;

const BODIES: [(&str, &str); 6] = [
    (
        "one line",
        "<div>Shall we ship the new index before lunch, or wait until the load test is through?</div>",
    ),
    (
        "lines, references",
        "<div>Tom &amp; I looked at it:<br>the queue is &lt; 10 at all times&nbsp;– nothing to worry about.<br><br>More tomorrow.</div>",
    ),
    (
        "an address",
        "<div>The numbers are at https://example.com/reports/2026-01?tab=week (see the second table), have a look please.</div>",
    ),
    (
        "a mention",
        "<div><action-text-attachment sgid=\"eyJfcmFpbHMiOnsiZGF0YSI6ImdpZDovL2NhbXBmaXJlL1VzZXIvMSIsInB1ciI6ImF0dGFjaGFibGUifX0=--5264facc274ad08097a82d0e6c5be748590ce121\" content-type=\"application/vnd.campfire.mention\" content=\"&lt;span class=&quot;mention&quot;&gt;Ada&lt;/span&gt;\"></action-text-attachment> could you look at <strong>this</strong> today?</div>",
    ),
    (
        "a reply",
        "<blockquote>Is the backup restored anywhere by now?</blockquote><cite>Grace <a href=\"/rooms/3/@4711\">#</a></cite><br><div>Yes, on the second machine, with <em>all</em> files. See <a href=\"https://example.com/restore\">the log</a>.</div>",
    ),
    (
        "a list",
        "<h1>To do</h1><ul><li>index</li><li>load test<ul><li>again with more rooms</li></ul></li><li>release</li></ul><div>Anything else?</div>",
    ),
];

struct Ada;

impl Mentions for Ada {
    fn user(&self, _: &str) -> Option<Mentioned> {
        Some(Mentioned {
            id: 1,
            name: "Ada Lovelace".into(),
            title: "Ada Lovelace – Countess".into(),
            avatar_url: "/users/x/avatar".into(),
        })
    }
}

fn main() {
    println!(
        "{:20} {:>9} {:>9} {:>9} {:>9} {:>9}  (µs per message)",
        "", "render", "plain", "mentions", "canonical", "display"
    );
    for (name, body) in BODIES {
        let micros = [
            time(|| drop(black_box(render(black_box(body), &Ada)))),
            time(|| drop(black_box(plain_text(black_box(body), &Ada)))),
            time(|| drop(black_box(rich_text::mentions(black_box(body))))),
            time(|| drop(black_box(canonicalize(black_box(body))))),
            time(|| display(black_box(body))),
        ]
        .map(|took| took.as_secs_f64() * 1e6);
        println!(
            "{name:20} {:9.2} {:9.2} {:9.2} {:9.2} {:9.2}",
            micros[0], micros[1], micros[2], micros[3], micros[4]
        );
    }
}

/// Everything needed to display a message, parsed once.
fn display(html: &str) {
    let body = Body::parse(html);
    black_box((body.render(&Ada), body.plain_text(&Ada), body.mentions(), body.reply_to()));
}

/// The best of five runs, per call.
fn time(mut work: impl FnMut()) -> Duration {
    let runs = (0..5).map(|_| {
        let start = Instant::now();
        (0..ITERATIONS / 5).for_each(|_| work());
        start.elapsed() / (ITERATIONS / 5)
    });
    runs.min().unwrap_or_default()
}
