//! `campfire users`, run as a process on a storage directory.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::json;

use super::another_device;
use super::support::{SECRET, TestServer};

fn campfire(storage: &Path, arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_campfire"))
        .args(arguments)
        .env("STORAGE_PATH", storage)
        .env("SECRET_KEY_BASE", SECRET)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("starts");
    child.stdin.take().expect("an input").write_all(input.as_bytes()).expect("typed");
    child.wait_with_output().expect("ends")
}

fn stdout(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[tokio::test]
async fn operators_list_promote_and_reset_users_while_the_server_runs() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let grace = server.join(&ada, "grace").await;
    let storage = server.storage.path();
    let list = stdout(&campfire(storage, &["users", "list"], ""));
    assert_eq!(
        list,
        "1\tadministrator\tactive\tada@example.com\tAda Lovelace\n2\tmember\tactive\tgrace@example.com\tgrace\n"
    );
    assert_eq!(
        stdout(&campfire(storage, &["users", "make-admin", "Grace@Example.com "], "")),
        "grace is now an administrator\n"
    );
    super::eventually("the server applies the change", async || {
        grace.get("/api/v1/me").await.json(200)["role"] == "administrator"
    })
    .await;
    let path = stdout(&campfire(storage, &["users", "reset-password", "grace@example.com"], ""));
    let path = path.trim().strip_prefix("/password_resets/").expect("a link").to_owned();
    assert_eq!(
        server.anonymous().get(&format!("/api/v1/password_resets/{path}")).await.json(200)["name"],
        "grace"
    );
    stdout(&campfire(
        storage,
        &["users", "reset-password", "grace@example.com", "--password-stdin"],
        "another horse\n",
    ));
    super::eventually("all devices are out", async || grace.get("/api/v1/me").await.status == 401)
        .await;
    another_device(&server, "grace@example.com", "another horse").await;
    let audit = ada.get("/api/v1/audit").await.json(200);
    assert_eq!(
        (&audit[0]["action"], &audit[0]["actor"]),
        (&json!("session.revoked"), &json!(null))
    );
}

#[tokio::test]
async fn invalid_cli_calls_print_one_line() {
    let server = TestServer::start().await;
    server.first_run().await;
    let storage = server.stop().await;
    let refused = |arguments: &[&str], input: &str| {
        let output = campfire(storage.path(), arguments, input);
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (code, output) = refused(&["users", "make-admin", "nobody@example.com"], "");
    assert_eq!(code, Some(1));
    assert!(
        output.contains("no active user has the email address") && output.lines().count() == 1,
        "{output}"
    );
    let (code, output) =
        refused(&["users", "reset-password", "ada@example.com", "--password-stdin"], "short");
    assert!(code == Some(1) && output.contains("at least 8 characters"), "{output}");
    let empty = tempfile::tempdir().expect("a directory");
    let output = campfire(empty.path(), &["users", "list"], "");
    assert_eq!(output.status.code(), Some(3), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(!empty.path().join("db/production.sqlite3").exists(), "no database is created");
}
