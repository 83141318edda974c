//! The hostile bodies of `tests/corpus`, one per line: `# …` describes the file, `## …` starts a
//! group, `{U+202E}` is a character, `{300×<div>}` a repetition.

use std::path::Path;

/// A body and its name in messages: file, group, number.
#[allow(dead_code, reason = "not all users of the bodies need their names")]
pub struct Case {
    pub name: String,
    pub body: String,
}

/// All bodies, ordered by file name.
pub fn cases() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("the corpus folder exists")
        .map(|entry| entry.expect("the entry is readable").path())
        .collect();
    files.sort();
    files.iter().flat_map(|file| file_cases(file)).collect()
}

fn file_cases(file: &Path) -> Vec<Case> {
    let text = std::fs::read_to_string(file).expect("the corpus is text");
    let stem = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let (mut group, mut number, mut cases) = (String::new(), 0, Vec::new());
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with("# ")) {
        if let Some(title) = line.strip_prefix("## ") {
            (group, number) = (title.replace(' ', "-"), 0);
            continue;
        }
        number += 1;
        cases.push(Case { name: format!("{stem}/{group}/{number}"), body: expand(line) });
    }
    cases
}

/// Expands the shorthands.
fn expand(line: &str) -> String {
    let (mut out, mut rest) = (String::new(), line);
    while let Some(at) = rest.find('{') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        match shorthand(rest) {
            Some((text, length)) => {
                out.push_str(&text);
                rest = &rest[length..];
            }
            None => out.push('{'),
        }
    }
    out + rest
}

fn shorthand(rest: &str) -> Option<(String, usize)> {
    if let Some(code) = rest.strip_prefix("U+") {
        let end = code.find('}')?;
        let character = char::from_u32(u32::from_str_radix(&code[..end], 16).ok()?)?;
        return Some((character.to_string(), 2 + end + 1));
    }
    let (count, text) = rest.split_once('×')?;
    let count: usize = count.parse().ok()?;
    let repeated = &text[..closing(text)?];
    Some((expand(repeated).repeat(count), rest.len() - text.len() + repeated.len() + 1))
}

/// The end of the bracket that is open at the start.
fn closing(text: &str) -> Option<usize> {
    let mut open = 1;
    text.char_indices().find_map(|(at, character)| {
        open += i32::from(character == '{') - i32::from(character == '}');
        (open == 0).then_some(at)
    })
}
