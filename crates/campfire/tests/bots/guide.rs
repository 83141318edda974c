//! Runs every example of docs/bots.md against a server and checks its effect. An example without a
//! check, or a section that lacks a language, fails.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};

use super::support::{Client, TestServer};
use super::{Bot, create_bot};

const GUIDE: &str = include_str!("../../../../docs/bots.md");

/// The languages of the examples, each with the program that runs it. All programs must be
/// installed.
const LANGUAGES: [(&str, &str); 3] = [("sh", "bash"), ("python", "python3"), ("js", "node")];

/// The sections with examples.
const SECTIONS: [&str; 10] = [
    "Create a bot",
    "Post a message",
    "Mention someone",
    "Read messages",
    "Edit a message",
    "Delete a message",
    "Boost a message",
    "Delete a boost",
    "Connect tools that post to Slack",
    "The JSON API",
];

/// Examples of an endpoint, which cannot be written with curl.
const FOR_RECEIVERS: &str = "Verify the signature";

fn examples() -> BTreeMap<(&'static str, &'static str), &'static str> {
    let mut found = BTreeMap::new();
    let mut section = "";
    let mut rest = GUIDE;
    while !rest.is_empty() {
        let (line, after) = rest.split_once('\n').unwrap_or((rest, ""));
        rest = after;
        if let Some(language) = line.strip_prefix("```") {
            let (code, after) = rest.split_once("\n```\n").expect("a fence that ends");
            rest = after;
            if language != "json" {
                assert!(
                    LANGUAGES.iter().any(|(known, _)| *known == language),
                    "{section}: no program runs {language:?}"
                );
                assert!(
                    found.insert((section, language), code).is_none(),
                    "{section}: two examples in {language}"
                );
            }
        } else if let Some(title) = line.strip_prefix("## ").or(line.strip_prefix("### ")) {
            section = title;
        }
    }
    found
}

#[test]
fn every_section_has_examples_in_all_languages_and_a_test() {
    let mut expected = SECTIONS
        .iter()
        .flat_map(|section| LANGUAGES.map(|(language, _)| (*section, language)))
        .collect::<Vec<_>>();
    expected.extend([(FOR_RECEIVERS, "python"), (FOR_RECEIVERS, "js")]);
    expected.sort_unstable();
    assert_eq!(examples().into_keys().collect::<Vec<_>>(), expected);
}

/// A server with a bot, to run examples against.
struct Fixture {
    server: TestServer,
    ada: Client,
    bot: Bot,
    work: tempfile::TempDir,
}

impl Fixture {
    async fn new() -> Self {
        let server = TestServer::start().await;
        let ada = server.first_run().await;
        let bot = create_bot(&ada, "Deploy Bot").await;
        Self { server, ada, bot, work: tempfile::tempdir().expect("a directory") }
    }

    /// Runs an example with the guide's IDs and keys replaced by those of this server; returns its
    /// output.
    async fn run(
        &self,
        language: &str,
        code: &str,
        message: &Value,
        boost: &Value,
        sgid: &str,
    ) -> String {
        let code = code
            .replace("https://chat.example.com", &format!("http://{}", self.server.address()))
            .replace("17-aB3dE5gH7jK9", &self.bot.key)
            .replace("rooms/3/", "rooms/1/")
            .replace("4712", &message.to_string())
            .replace("/boosts/31", &format!("/boosts/{boost}"))
            .replace("SIGNED-ID", sgid);
        let program =
            LANGUAGES.iter().find(|(known, _)| *known == language).expect("a known language").1;
        let directory = self.work.path().to_owned();
        let output = tokio::task::spawn_blocking({
            let code = code.clone();
            move || execute(program, &code, &directory)
        })
        .await
        .expect("runs");
        let (out, err) =
            (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{language}:\n{code}\n---\n{out}\n{err}");
        out.into_owned()
    }

    async fn newest(&self) -> Value {
        self.ada.get("/api/v1/rooms/1/messages?limit=1").await.json(200)[0].take()
    }
}

/// Runs a program in its own directory, without an HTTP proxy.
fn execute(program: &str, code: &str, directory: &Path) -> Output {
    let file = directory.join(if program == "node" { "example.mjs" } else { "example" });
    std::fs::write(
        &file,
        if program == "bash" { format!("set -eu\n{code}\n") } else { code.to_owned() },
    )
    .expect("written");
    let mut command = Command::new(program);
    command
        .arg(&file)
        .current_dir(directory)
        .env("NO_PROXY", "127.0.0.1")
        .env("no_proxy", "127.0.0.1");
    command.output().unwrap_or_else(|error| {
        panic!("the examples of docs/bots.md need {program}, which does not start: {error}")
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_example_works() {
    let fixture = Fixture::new().await;
    for ((section, language), code) in examples() {
        check_example(&fixture, section, language, code).await;
    }
}

/// Prepares what an example needs, runs it and checks its effect.
async fn check_example(fixture: &Fixture, section: &str, language: &str, code: &str) {
    let what = format!("{section}, {language}");
    let (ada, none) = (&fixture.ada, Value::Null);
    let post = async |text: &str| {
        let path = format!("/rooms/1/{}/messages", fixture.bot.key);
        let response = super::request_as_bot(&fixture.server, "POST", &path, text).await;
        json!(
            response
                .header("location")
                .rsplit('/')
                .next()
                .and_then(|id| id.parse::<i64>().ok())
                .expect("an integer")
        )
    };
    let plain = |message: &Value| message["body"]["plain"].as_str().expect("text").to_owned();
    match section {
        "Create a bot" => {
            let before = ada.get("/api/v1/bots").await.json(200).as_array().expect("a list").len();
            let printed = fixture.run(language, code, &none, &none, "").await;
            let bots = ada.get("/api/v1/bots").await.json(200);
            let bots = bots.as_array().expect("a list");
            let newest = bots.iter().max_by_key(|bot| bot["id"].as_i64()).expect("a bot");
            assert_eq!((bots.len(), &newest["name"]), (before + 1, &json!("Deploy Bot")), "{what}");
            assert!(printed.contains(newest["key"].as_str().expect("a key")), "{what}: {printed}");
        }
        "Post a message" => {
            let printed = fixture.run(language, code, &none, &none, "").await;
            let newest = fixture.newest().await;
            assert_eq!(
                (plain(&newest).as_str(), &newest["creator"]["id"]),
                ("Build 812 is 100% green", &json!(fixture.bot.id)),
                "{what}"
            );
            let address =
                format!("http://{}/rooms/1/messages/{}", fixture.server.address(), newest["id"]);
            assert!(printed.contains(&address), "{what}: {printed}");
        }
        "Mention someone" => {
            let sgid = ada.get("/api/v1/users?query=Ada").await.json(200)[0]["sgid"].clone();
            fixture.run(language, code, &none, &none, sgid.as_str().expect("a signed id")).await;
            let newest = fixture.newest().await;
            assert_eq!(
                (plain(&newest).as_str(), &newest["mentions"]),
                ("Ready, @Ada Lovelace?", &json!([1])),
                "{what}"
            );
        }
        "Read messages" => {
            let first = ada.post_message("not shown").await["id"].clone();
            let mut expected = String::new();
            for number in 0..41 {
                ada.post_message(&format!("number {number}")).await;
                expected += &format!("Ada Lovelace: number {number}\n");
            }
            let printed = fixture.run(language, code, &first, &none, "").await;
            if language == "sh" {
                let page: Value = serde_json::from_str(&printed).expect("JSON");
                let page = page.as_array().expect("a page");
                assert_eq!(
                    (page.len(), &page[0]["body"]["plain_text"]),
                    (40, &json!("number 0")),
                    "{what}"
                );
            } else {
                assert_eq!(printed, expected, "{what}");
            }
        }
        "Edit a message" => {
            let id = post("Build 812 is green").await;
            let printed = fixture.run(language, code, &id, &none, "").await;
            let newest = fixture.newest().await;
            assert_eq!(
                (&newest["id"], plain(&newest).as_str()),
                (&id, "Build 812 is deployed"),
                "{what}"
            );
            assert!(printed.contains("Build 812 is deployed"), "{what}: {printed}");
        }
        "Delete a message" => {
            let id = post("a mistake").await;
            fixture.run(language, code, &id, &none, "").await;
            assert_eq!(ada.get(&format!("/api/v1/messages/{id}")).await.status, 404, "{what}");
        }
        "Boost a message" => {
            let id = ada.post_message("it works").await["id"].clone();
            let printed = fixture.run(language, code, &id, &none, "").await;
            let boosts = ada.get(&format!("/api/v1/messages/{id}/boosts")).await.json(200);
            assert_eq!(
                (&boosts[0]["content"], &boosts[0]["booster"]["id"]),
                (&json!("👀"), &json!(fixture.bot.id)),
                "{what}"
            );
            assert!(printed.contains(&boosts[0]["id"].to_string()), "{what}: {printed}");
        }
        "Delete a boost" => {
            let id = ada.post_message("it works").await["id"].clone();
            let boosted = super::request_as_bot(
                &fixture.server,
                "POST",
                &format!("/rooms/1/{}/messages/{id}/boosts", fixture.bot.key),
                "👀",
            )
            .await
            .json(201);
            fixture.run(language, code, &id, &boosted["id"], "").await;
            assert_eq!(
                ada.get(&format!("/api/v1/messages/{id}/boosts")).await.json(200),
                json!([]),
                "{what}"
            );
        }
        "Connect tools that post to Slack" => {
            let printed = fixture.run(language, code, &none, &none, "").await;
            let html = "<div>Build <a href=\"https://ci.example.com/812\">812</a> is <strong>green</strong></div>";
            assert_eq!(
                (printed.trim(), &fixture.newest().await["body"]["html"]),
                ("ok", &json!(html)),
                "{what}"
            );
        }
        "The JSON API" => {
            let printed = fixture.run(language, code, &none, &none, "").await;
            let newest = fixture.newest().await;
            // All languages send the same client message ID, so the message is stored once.
            assert_eq!(
                (plain(&newest).as_str(), &newest["client_message_id"]),
                ("a < b\nand a second line", &json!("build-812")),
                "{what}"
            );
            assert!(printed.contains(&newest["id"].to_string()), "{what}: {printed}");
            let same = ada.get("/api/v1/rooms/1/messages?limit=100").await.json(200);
            let same = same
                .as_array()
                .expect("a page")
                .iter()
                .filter(|message| message["client_message_id"] == "build-812")
                .count();
            assert_eq!(same, 1, "{what}");
        }
        FOR_RECEIVERS => {
            let (secret, now) = (
                campfire::integrations::webhooks::new_secret(),
                jiff::Timestamp::now().as_second(),
            );
            let signature = campfire::integrations::webhooks::signature::sign(
                &secret,
                "one",
                now,
                b"{\"a\":1}",
            );
            let calls = ["{\"a\":1}", "{\"a\":2}"].map(|body| match language {
                "python" => format!(
                    "print(is_genuine('{secret}', {{'Webhook-Id': 'one', 'Webhook-Timestamp': '{now}', 'Webhook-Signature': 'v1,bm8= {signature}'}}, b'{body}'))"
                ),
                _ => format!(
                    "console.log(isGenuine('{secret}', {{'webhook-id': 'one', 'webhook-timestamp': '{now}', 'webhook-signature': 'v1,bm8= {signature}'}}, Buffer.from('{body}')));"
                ),
            });
            let printed = fixture
                .run(language, &format!("{code}\n{}\n", calls.join("\n")), &none, &none, "")
                .await;
            assert_eq!(printed.to_lowercase(), "true\nfalse\n", "{what}");
        }
        other => panic!("nothing is known of the examples of {other:?}"),
    }
}
