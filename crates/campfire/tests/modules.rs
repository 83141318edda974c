//! The structure of the server: imports between folders run in one direction. A folder stands for
//! its own files; the folders in it are checked on their own.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// The top-level modules from the top down. A module may only use modules in later rows.
const LAYERS: [&[&str]; 11] = [
    &["main", "lib"],
    &["cli", "server"],
    &["live", "frontend", "ops"],
    &["people"],
    &["integrations"],
    &["messages"],
    &["rooms"],
    &["identity"],
    &["jobs"],
    &["core"],
    &["http"],
];
/// Rows whose modules may use one another, as long as there is no circle.
const SHARED_ROWS: [usize; 2] = [1, 2];

/// Which folders each folder uses, and one file and path that shows it.
type Graph = BTreeMap<String, BTreeMap<String, String>>;

#[test]
fn no_folders_use_each_other_in_a_circle() {
    let graph = read(&source());
    if let Some(circle) = find_circle(&graph) {
        let steps = circle
            .windows(2)
            .map(|pair| format!("  {} uses {}: {}", pair[0], pair[1], graph[&pair[0]][&pair[1]]));
        panic!("a circle of folders:\n{}", steps.collect::<Vec<_>>().join("\n"));
    }
}

#[test]
fn top_level_modules_only_use_those_below() {
    let row = |folder: &str| {
        let top = folder.split('/').next().unwrap_or_default();
        LAYERS
            .iter()
            .position(|row| row.contains(&top))
            .unwrap_or_else(|| panic!("{folder} is in no row of LAYERS"))
    };
    let mut wrong = Vec::new();
    for (folder, uses) in read(&source()) {
        for (used, example) in uses {
            let (from, to) = (row(&folder), row(&used));
            let same = folder.split('/').next() == used.split('/').next();
            if from > to || (from == to && !same && !SHARED_ROWS.contains(&from)) {
                wrong.push(format!("{folder} uses {used}: {example}"));
            }
        }
    }
    assert!(wrong.is_empty(), "these imports run up:\n  {}", wrong.join("\n  "));
}

#[test]
fn paths_are_found_in_every_form() {
    let uses = paths(
        "use crate::{a, b::{self, c}}; fn f() { m!(super::d::e()); } #[cfg(test)] mod tests { use crate::x; }",
    );
    assert_eq!(uses, ["crate::a", "crate::b", "crate::b::c", "super::d::e"]);
}

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn read(root: &Path) -> Graph {
    let mut graph = Graph::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the folder is there") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs")
                && !path.ends_with("tests.rs")
            {
                read_file(root, &path, &mut graph);
            }
        }
    }
    graph
}

fn read_file(root: &Path, path: &Path, graph: &mut Graph) {
    let relative = path.strip_prefix(root).expect("below the root").with_extension("");
    let mut module =
        relative.iter().map(|part| part.to_str().expect("UTF-8").to_owned()).collect::<Vec<_>>();
    let folder =
        if module.len() == 1 { module[0].clone() } else { module[..module.len() - 1].join("/") };
    if module.last().is_some_and(|last| last == "mod" || last == "lib" || last == "main") {
        module.pop();
    }
    let text = fs::read_to_string(path).expect("the file is readable");
    for used in paths(&text) {
        if let Some(target) = folder_of(root, &module, &used)
            && target != folder
        {
            let example = format!("{used} in {}.rs", relative.display());
            graph.entry(folder.clone()).or_default().entry(target).or_insert(example);
        }
    }
}

/// The folder whose files define what `path` names, as far as it is a module of this crate.
fn folder_of(root: &Path, module: &[String], path: &str) -> Option<String> {
    let mut segments = path.split("::").peekable();
    let mut target = match segments.next()? {
        "crate" => Vec::new(),
        _ => module[..module.len().checked_sub(1)?].to_vec(),
    };
    while segments.next_if(|segment| *segment == "super").is_some() {
        target.pop();
    }
    for segment in segments {
        let inside = root.join(target.join("/")).join(segment);
        if inside.is_dir() {
            target.push(segment.to_owned());
        } else {
            // A file at the top is a module of its own.
            if target.is_empty() && inside.with_extension("rs").is_file() {
                return Some(segment.to_owned());
            }
            break;
        }
    }
    (!target.is_empty()).then(|| target.join("/"))
}

/// All paths of a file that begin with `crate` or `super`, outside `#[cfg(test)]` modules.
fn paths(text: &str) -> Vec<String> {
    let tokens = text.parse::<TokenStream>().expect("Rust");
    let mut found = Vec::new();
    walk(&tokens.into_iter().collect::<Vec<_>>(), &mut found);
    found
}

fn walk(tokens: &[TokenTree], found: &mut Vec<String>) {
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        at += 1;
        match token {
            TokenTree::Group(group) if is_test_attribute(group) => {
                // The attribute's item: everything up to and with its braces, or a semicolon.
                while let Some(next) = tokens.get(at) {
                    at += 1;
                    match next {
                        TokenTree::Group(body) if body.delimiter() == Delimiter::Brace => break,
                        TokenTree::Punct(end) if end.as_char() == ';' => break,
                        _ => {}
                    }
                }
            }
            TokenTree::Group(group) => {
                walk(&group.stream().into_iter().collect::<Vec<_>>(), found);
            }
            TokenTree::Ident(start) if *start == "crate" || *start == "super" => {
                at = follow(start.to_string(), tokens, at, found);
            }
            _ => {}
        }
    }
}

fn is_test_attribute(group: &proc_macro2::Group) -> bool {
    let text = group.stream().to_string().replace(' ', "");
    group.delimiter() == Delimiter::Bracket && text == "cfg(test)"
}

/// Follows a path from behind its first segment; the position behind it.
fn follow(mut path: String, tokens: &[TokenTree], mut at: usize, found: &mut Vec<String>) -> usize {
    let is_colon = |at: usize| matches!(tokens.get(at), Some(TokenTree::Punct(punct)) if punct.as_char() == ':');
    while is_colon(at) && is_colon(at + 1) {
        match tokens.get(at + 2) {
            Some(TokenTree::Ident(segment)) if *segment == "self" => {}
            Some(TokenTree::Ident(segment)) => path = format!("{path}::{segment}"),
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
                let inside = group.stream().into_iter().collect::<Vec<_>>();
                let is_comma = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ',');
                for tree in inside.split(is_comma) {
                    if let Some(TokenTree::Ident(segment)) = tree.first() {
                        let start = if *segment == "self" {
                            path.clone()
                        } else {
                            format!("{path}::{segment}")
                        };
                        follow(start, tree, 1, found);
                    }
                }
                return at + 3;
            }
            _ => break,
        }
        at += 3;
    }
    found.push(path);
    at
}

fn find_circle(graph: &Graph) -> Option<Vec<String>> {
    let mut done = BTreeSet::new();
    graph.keys().find_map(|start| visit(start, graph, &mut Vec::new(), &mut done))
}

fn visit(
    folder: &str,
    graph: &Graph,
    way: &mut Vec<String>,
    done: &mut BTreeSet<String>,
) -> Option<Vec<String>> {
    if let Some(start) = way.iter().position(|step| step == folder) {
        let mut circle = way[start..].to_vec();
        circle.push(folder.to_owned());
        return Some(circle);
    }
    if !done.insert(folder.to_owned()) {
        return None;
    }
    way.push(folder.to_owned());
    let circle = graph
        .get(folder)
        .into_iter()
        .flat_map(BTreeMap::keys)
        .find_map(|used| visit(used, graph, way, done));
    way.pop();
    circle
}
