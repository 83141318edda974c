//! Authorization: every route and every cable channel for every kind of caller, compared with the
//! table in `table.txt`. The fixture is created once. Reads and rejected requests change nothing;
//! after any other request the next caller gets a new copy.

mod fixture;
#[path = "../support/mod.rs"]
mod support;

use std::collections::BTreeSet;
use std::path::Path;

use fixture::{Caller, Fixture};

const TABLE: &str = include_str!("table.txt");

/// A row of the table.
struct Row {
    method: &'static str,
    path: &'static str,
    expected: Vec<&'static str>,
    body: Option<&'static str>,
}

impl Row {
    fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

/// The callers in the table's first line, and the rows.
fn table() -> (Vec<&'static str>, Vec<Row>) {
    let mut lines = TABLE.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    let callers = lines.next().expect("a first line").split_whitespace().collect::<Vec<_>>();
    let row = |line: &'static str| {
        let (cells, body) =
            line.split_once(" | ").map_or((line, None), |(cells, body)| (cells, Some(body.trim())));
        let mut cells = cells.split_whitespace();
        let (method, path) = (cells.next().expect("a method"), cells.next().expect("a path"));
        Row { method, path, expected: cells.collect(), body }
    };
    (callers, lines.map(row).collect())
}

#[test]
fn every_route_has_a_row_with_all_callers() {
    let (callers, rows) = table();
    assert_eq!(callers, Caller::ALL.map(Caller::name));
    for row in &rows {
        assert_eq!(row.expected.len(), callers.len(), "{}", row.name());
    }
    let known = rows.iter().map(Row::name).collect::<BTreeSet<_>>();
    let document = serde_json::to_value(campfire::server::openapi()).expect("a document");
    let mut missing = Vec::new();
    for (path, operations) in document["paths"].as_object().expect("paths") {
        let methods =
            operations.as_object().expect("operations").keys().map(|method| method.to_uppercase());
        missing.extend(
            methods.map(|method| format!("{method} {path}")).filter(|route| !known.contains(route)),
        );
    }
    let undocumented = campfire::frontend::PAGES
        .iter()
        .map(|path| (*path).to_owned())
        .chain(written_routes(&sources()));
    missing.extend(
        undocumented.map(|path| format!("GET {path}")).filter(|route| !known.contains(route)),
    );
    assert!(missing.is_empty(), "add these to tests/authorization/table.txt: {missing:#?}");
}

/// The server's source code, the only place that has the routes outside the OpenAPI document.
fn sources() -> String {
    let mut directories = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    let mut text = String::new();
    while let Some(directory) = directories.pop() {
        for entry in std::fs::read_dir(directory).expect("a directory") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                directories.push(path);
            } else {
                text += &std::fs::read_to_string(path).expect("text");
            }
        }
    }
    text
}

/// The paths in `.route("…"`.
fn written_routes(text: &str) -> Vec<String> {
    let routes = text
        .split(".route(\"")
        .skip(1)
        .filter_map(|rest| Some(rest.split_once('"')?.0.to_owned()))
        .collect::<Vec<_>>();
    assert!(routes.iter().any(|route| route == "/up"), "no routes found: {routes:?}");
    routes
}

#[tokio::test]
async fn only_routes_with_a_bot_key_in_the_path_accept_other_origins() {
    let fixture = Fixture::create().await;
    let server = fixture.start_server().await;
    let foreign = [
        ("cookie", "session_token=anything"),
        ("origin", "https://evil.example.com"),
        ("sec-fetch-site", ""),
    ];
    let (_, rows) = table();
    for row in rows.iter().filter(|row| !matches!(row.method, "GET" | "CABLE")) {
        let path = row
            .path
            .split('/')
            .map(|part| if part.starts_with('{') { "1" } else { part })
            .collect::<Vec<_>>()
            .join("/");
        let body = Some(row.body.unwrap_or("").to_owned());
        let answer = server.anonymous().request(row.method, &path, body, &foreign).await;
        let is_refused = answer.status == 403 && answer.text().contains("another site");
        assert_eq!(!is_refused, row.path.contains("{bot_key}"), "{}", row.name());
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_caller_gets_the_expected_response() {
    let fixture = Fixture::create().await;
    let (_, rows) = table();
    let mut wrong = Vec::new();
    for row in &rows {
        let mut server = fixture.start_server().await;
        let mut found = Vec::new();
        for caller in Caller::ALL {
            let response = match row.method {
                "CABLE" => fixture.subscribe(&server, caller, row.path).await,
                method => fixture.request(&server, caller, method, row.path, row.body).await,
            };
            let changed = !matches!(row.method, "GET" | "CABLE") && response.starts_with('2');
            found.push(response);
            if changed {
                server.stop().await;
                server = fixture.start_server().await;
            }
        }
        server.stop().await;
        if found != row.expected {
            wrong.push(format!(
                "{}\n  expected {}\n  found    {}",
                row.name(),
                row.expected.join(" "),
                found.join(" ")
            ));
        }
    }
    assert!(wrong.is_empty(), "{}\n{} of {} rows", wrong.join("\n"), wrong.len(), rows.len());
}
