//! `campfire jobs`, run while the server is running.

use campfire::jobs::Verdict;

use crate::Fixture;

/// Runs `campfire jobs` while the server is running.
fn campfire(storage: &std::path::Path, arguments: &[&str]) -> (Option<i32>, String) {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_campfire"))
        .arg("jobs")
        .args(arguments)
        .env("STORAGE_PATH", storage)
        .env("SECRET_KEY_BASE", crate::support::SECRET)
        .output()
        .expect("runs");
    (
        output.status.code(),
        String::from_utf8_lossy(if output.status.success() {
            &output.stdout
        } else {
            &output.stderr
        })
        .into_owned(),
    )
}

#[tokio::test]
async fn operators_list_retry_and_drop_jobs_while_the_server_runs() {
    let mut fixture = Fixture::new(100).await;
    let storage = fixture.server.storage.path().to_owned();
    for payload in ["one", "two", "three"] {
        fixture.set_verdicts(payload, [Verdict::GiveUp(format!("{payload} is gone\nfor ever"))]);
        fixture.enqueue("a.example", None, payload).await;
        fixture.next().await;
    }
    let dead = fixture
        .wait_for_table(|table| table.iter().filter(|job| job.state == "dead").count() == 3)
        .await;
    let (code, list) = campfire(&storage, &["list", "--state", "dead"]);
    let first = format!(
        "{}\ttest\tdead\t1\t{}\ta.example\tone is gone for ever",
        dead[0].id, dead[0].run_at
    );
    assert_eq!(
        (code, list.lines().next(), list.lines().count()),
        (Some(0), Some(first.as_str()), 3)
    );
    assert_eq!(campfire(&storage, &["list", "--state", "waiting"]), (Some(0), String::new()));
    let one = dead[0].id.to_string();
    assert_eq!(campfire(&storage, &["retry", &one]), (Some(0), "1 job queued again\n".to_owned()));
    assert_eq!(fixture.next().await.payload, "one");
    fixture.wait_for_table(|table| table.len() == 2).await;
    let (code, refused) = campfire(&storage, &["retry", &one]);
    assert_eq!(code, Some(1));
    assert!(refused.contains("campfire jobs list") && refused.lines().count() == 1, "{refused}");
    assert_eq!(campfire(&storage, &["drop"]).0, Some(2), "dropping requires an argument");
    assert_eq!(
        campfire(&storage, &["drop", &dead[1].id.to_string()]),
        (Some(0), "1 job discarded\n".to_owned())
    );
    assert_eq!(
        campfire(&storage, &["drop", "--all-dead"]),
        (Some(0), "1 job discarded\n".to_owned())
    );
    assert_eq!(fixture.table(), []);
    assert_eq!(
        campfire(&storage, &["retry", "--all-dead"]),
        (Some(0), "0 jobs queued again\n".to_owned())
    );
}
