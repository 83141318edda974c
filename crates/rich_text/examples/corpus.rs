//! `cargo run -p rich_text --example corpus` prints the rendered hostile corpus as JSON `[{"name",
//! "html"}]`, for tests in a real browser. With a folder as argument it writes the bodies there,
//! one per file, as seeds for fuzzing.
#![allow(clippy::print_stdout, reason = "the output is the purpose of this program")]

#[path = "../tests/support/corpus.rs"]
mod corpus;
#[path = "../tests/support/people.rs"]
mod people;

use std::path::PathBuf;

fn main() -> std::io::Result<()> {
    if let Some(folder) = std::env::args_os().nth(1).map(PathBuf::from) {
        std::fs::create_dir_all(&folder)?;
        return corpus::cases().iter().try_for_each(|case| {
            std::fs::write(folder.join(case.name.replace('/', "-")), &case.body)
        });
    }
    let rendered: Vec<_> = corpus::cases()
        .into_iter()
        .map(|case| serde_json::json!({ "name": case.name, "html": rich_text::render(&case.body, &people::People) }))
        .collect();
    println!("{}", serde_json::Value::from(rendered));
    Ok(())
}
