//! `cargo run --release -p rich_text --example linear` measures whether processing time stays
//! proportional to length: for each hostile generator it prints the time for 64 KiB, the longest
//! message, and the ratio between each length and half of it. Fails if any generator takes longer
//! than the limit.
#![allow(clippy::print_stdout, reason = "the output is the purpose of this program")]

#[path = "../tests/support/people.rs"]
mod people;

use std::hint::black_box;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use people::People;
use rich_text::{Body, canonicalize};

/// The longest accepted body, in bytes.
const MAX_LENGTH: usize = 64 * 1024;

/// The time limit for all processing of the longest body.
const TIME_LIMIT: Duration = Duration::from_millis(50);

/// Name, start, and the part that is repeated after it; `#` becomes a different number each time.
const GENERATORS: [(&str, &str, &str); 54] = [
    ("words", "", "words and words "),
    ("divs", "", "<div>x</div>"),
    ("line breaks", "<div>", "<br>"),
    ("line feeds", "<pre>x", "\n"),
    ("deep divs", "", "<div>"),
    ("deep divs, false ends", "", "<div></x>"),
    ("deep bold", "", "<b>"),
    ("deep bold, all different", "", "<b a=#>"),
    ("bold in paragraphs", "", "<p><b>x"),
    ("bold in paragraphs, all different", "", "<p><b a=#>x"),
    ("as much bold as allowed, then paragraphs", "{bold}", "<p>x</p>"),
    ("as much bold as allowed, then tables", "{bold}", "<table><td>x</table>"),
    ("links in links", "", "<a href=/x>"),
    ("links and blocks", "", "<a href=/x><div>"),
    ("links and blocks, closed", "", "<a href=/x><div></a>x</div>"),
    ("misnested", "", "<b><i></b></i>"),
    ("misnested blocks", "", "<b><p></b>x</p>"),
    ("ends of bold around one block", "{bold}<div>", "x<br></b>"),
    ("fostered text", "<table>", "x<tr>"),
    ("fostered breaks", "<table>", "<br>"),
    ("fostered bold", "<table>", "<b>x"),
    ("fostered links", "<table>", "<a href=/#>x"),
    ("tables in tables", "", "<table><tr><td>"),
    ("tables", "", "<table><td>x</table>"),
    ("cells", "<table>", "<td>x"),
    ("items", "<ul>", "<li>x"),
    ("lists in lists", "", "<ul><li>"),
    ("lists as deep as allowed, then items", "{lists}", "<li>x"),
    ("quotes in quotes", "", "<blockquote>x"),
    ("quotes as deep as allowed, then words", "{quotes}", "words "),
    ("attributes", "<p ", "a# "),
    ("attributes of an end", "</p ", "a# "),
    ("attributes in a comment", "<!--", "<p a# b=\">\" "),
    ("quotes in attributes", "", "<a x=\"<a x='"),
    ("tag names", "", "<a"),
    ("one long attribute", "<p title=\"", "'<"),
    ("one long attribute, opened again", "<p><b title=\"{long}\">", "<p>x"),
    (
        "one long attribute, opened again in tables",
        "<table><td><b title=\"{long}\">x",
        "<td><p>x<table><td>",
    ),
    ("references", "", "&amp;"),
    ("unfinished references", "", "&notit"),
    ("comments", "", "<!---->"),
    ("ends without a beginning", "", "</div>"),
    ("ends of paragraphs", "", "</p>"),
    ("templates", "", "<template>"),
    ("svg", "", "<svg><p>"),
    ("math", "", "<math><mtext><svg>"),
    ("selects", "", "<select><option>x"),
    ("buttons", "", "<button><p>"),
    ("addresses", "", "https://a.example/(x) "),
    ("one long address", "https://a.example/", "x)"),
    ("unfinished addresses", "", "http://www.a@"),
    ("mail addresses", "", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@b.c-"),
    ("mentions", "", "<action-text-attachment sgid=ada></action-text-attachment>"),
    ("markup in attachments", "", "<action-text-attachment content-type=html content='<b><p><b>'>"),
];

fn main() -> ExitCode {
    let (mut worst, mut slowest) = (Duration::ZERO, "");
    for (name, start, repeated) in GENERATORS {
        let times: Vec<_> = (0..7)
            .rev()
            .map(|halvings| time(&body(start, repeated, MAX_LENGTH >> halvings)))
            .collect();
        let last = times.last().copied().unwrap_or_default();
        if last > worst {
            (worst, slowest) = (last, name);
        }
        let ratios: Vec<_> = times
            .windows(2)
            .map(|pair| format!("{:4.1}", pair[1].as_secs_f64() / pair[0].as_secs_f64()))
            .collect();
        println!("{name:44} {:>9.2} ms  × {}", last.as_secs_f64() * 1e3, ratios.join(" "));
    }
    println!("slowest: {slowest}, {:.1} ms", worst.as_secs_f64() * 1e3);
    if worst > TIME_LIMIT { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// A body of this many bytes.
fn body(start: &str, repeated: &str, length: usize) -> String {
    let numbered = |piece: &str, count: usize| {
        (0..count).map(|number| piece.replace('#', &format!("{number:x}"))).collect::<String>()
    };
    let start = start
        .replace("{bold}", &numbered("<b a=#>", 150))
        .replace("{lists}", &"<ul><li>".repeat(90))
        .replace("{long}", &"'".repeat(length / 2))
        .replace("{quotes}", &"<blockquote>".repeat(180));
    let mut body = start;
    let mut number = 0;
    while body.len() < length {
        body.push_str(&repeated.replace('#', &format!("{number:x}")));
        number += 1;
    }
    body.truncate(length);
    body
}

/// The time for everything that is done to a body when it arrives and when it is read: the best of
/// five runs, because other programs may use the machine.
fn time(html: &str) -> Duration {
    let runs = (0..5).map(|_| {
        let start = Instant::now();
        let canonical = canonicalize(black_box(html));
        let body = Body::parse(canonical.as_str());
        black_box((
            body.render(&People),
            body.plain_text(&People),
            body.mentions(),
            body.is_blank(),
            body.reply_to(),
        ));
        black_box(body.editor_source(&People));
        start.elapsed()
    });
    runs.min().unwrap_or_default()
}
