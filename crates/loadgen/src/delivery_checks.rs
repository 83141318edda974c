//! Checks of the webhook deliveries after the crash test: every bot received exactly its messages,
//! in order, and the delivery log agrees with the endpoints.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use crate::Result;
use crate::webhook_endpoints::{CallLog, RecordedCall, replies_with_text, reply_text};
use crate::writers::PostedMessage;

/// An entry of the server's delivery log.
pub struct Delivery {
    pub bot: i64,
    pub webhook_id: String,
    /// The ID of the message.
    pub message: i64,
    pub state: String,
    /// Whether the endpoint's reply was posted as a message.
    pub posted: bool,
    /// The statuses of the attempts that got a response.
    pub statuses: Vec<u16>,
}

/// Checks everything; `Err` describes the first violation, `Ok` is a summary.
pub fn verify(
    database: &Path,
    posted: &[PostedMessage],
    log: &[Delivery],
    calls: &CallLog,
) -> Result<String> {
    let mut expected: BTreeMap<i64, BTreeSet<i64>> = BTreeMap::new();
    for (bot, message) in posted.iter().filter_map(|message| Some((message.bot?, message))) {
        expected.entry(bot).or_default().insert(message.id);
    }
    let (mut all, mut replies) = (0, 0);
    for (bot, messages) in &expected {
        let calls = calls.of_bot(*bot);
        check_calls(*bot, messages, &calls)?;
        let log = log.iter().filter(|delivery| delivery.bot == *bot).collect::<Vec<_>>();
        check_log(*bot, messages, &calls, &log)?;
        all += calls.len();
        replies += log.iter().filter(|delivery| delivery.posted).count();
    }
    check_replies(database, &expected)?;
    Ok(format!(
        "each bot received each of its messages, in order, {} calls in all ({} repeated); {replies} replies were posted, each once; the delivery log agrees",
        all,
        all - expected.values().map(BTreeSet::len).sum::<usize>()
    ))
}

/// The calls are exactly the expected messages in order, and a message keeps its `Webhook-Id`. A
/// call may be repeated, but not after a later message, which had to wait until it succeeded.
fn check_calls(bot: i64, messages: &BTreeSet<i64>, calls: &[RecordedCall]) -> Result<()> {
    let mut ids: HashMap<i64, &str> = HashMap::new();
    for call in calls {
        if ids.insert(call.message, &call.webhook_id).is_some_and(|id| id != call.webhook_id) {
            return Err(format!("bot {bot} received message {} under two IDs", call.message).into());
        }
    }
    if let Some(call) = calls.iter().find(|call| !call.is_signed) {
        return Err(
            format!("bot {bot} received message {} with a wrong signature", call.message).into()
        );
    }
    if let Some(lost) = messages.iter().find(|message| !ids.contains_key(message)) {
        return Err(format!("bot {bot} never received message {lost}").into());
    }
    if let Some(unexpected) = calls.iter().find(|call| !messages.contains(&call.message)) {
        return Err(format!(
            "bot {bot} received message {}, which is not meant for it or was not acknowledged",
            unexpected.message
        )
        .into());
    }
    if let Some(pair) = calls.windows(2).find(|pair| pair[0].message > pair[1].message) {
        return Err(format!(
            "bot {bot} received message {} before {}",
            pair[0].message, pair[1].message
        )
        .into());
    }
    Ok(())
}

/// There is one delivery per message. It is done, has the ID that the endpoint saw, and lists no
/// status that the endpoint did not send.
fn check_log(
    bot: i64,
    messages: &BTreeSet<i64>,
    calls: &[RecordedCall],
    log: &[&Delivery],
) -> Result<()> {
    let logged = log.iter().map(|delivery| delivery.message).collect::<BTreeSet<_>>();
    if log.len() != messages.len() || logged != *messages {
        return Err(format!(
            "bot {bot}: the log has {} deliveries for {} messages",
            log.len(),
            messages.len()
        )
        .into());
    }
    for delivery in log {
        let (id, message) = (&delivery.webhook_id, delivery.message);
        let sent = calls
            .iter()
            .filter(|call| call.message == message)
            .filter_map(|call| call.status)
            .collect::<Vec<_>>();
        if calls.iter().any(|call| call.message == message && call.webhook_id != *id) {
            return Err(format!("bot {bot}: message {message} has another ID in the log").into());
        }
        if delivery.state != "done"
            || !delivery.statuses.last().is_some_and(|status| matches!(status, 200 | 204))
        {
            return Err(format!(
                "bot {bot}: message {message} was delivered, but the log has {} {:?}",
                delivery.state, delivery.statuses
            )
            .into());
        }
        let count = |list: &[u16], status: u16| list.iter().filter(|one| **one == status).count();
        if let Some(status) = delivery
            .statuses
            .iter()
            .find(|status| count(&delivery.statuses, **status) > count(&sent, **status))
        {
            return Err(format!(
                "bot {bot}: the log has a status {status} for message {message} that was not sent"
            )
            .into());
        }
        if delivery.posted != replies_with_text(bot) {
            return Err(format!(
                "bot {bot}: the log is wrong about the reply to message {message}"
            )
            .into());
        }
    }
    Ok(())
}

/// Each reply is in the room exactly once, and bots have no other messages.
fn check_replies(database: &Path, expected: &BTreeMap<i64, BTreeSet<i64>>) -> Result<()> {
    let conn = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let integrity: String = conn.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
    if integrity != "ok" {
        return Err(format!("integrity_check: {integrity}").into());
    }
    let mut statement = conn.prepare(
        "SELECT t.body FROM messages m JOIN action_text_rich_texts t
         ON t.record_type = 'Message' AND t.record_id = m.id AND t.name = 'body' WHERE m.creator_id = ?1 ORDER BY t.body",
    )?;
    for (bot, messages) in expected {
        let stored = statement
            .query_map([bot], |row| row.get::<_, String>(0))?
            .collect::<Result<Vec<_>, _>>()?;
        let texts = messages
            .iter()
            .filter(|_| replies_with_text(*bot))
            .map(|message| format!("<div>{}</div>", reply_text(*message)));
        let mut texts = texts.collect::<Vec<_>>();
        texts.sort_unstable();
        if stored != texts {
            return Err(format!(
                "bot {bot} has {} messages instead of {}",
                stored.len(),
                texts.len()
            )
            .into());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(message: i64, id: &str, status: Option<u16>) -> RecordedCall {
        RecordedCall { message, webhook_id: id.to_owned(), is_signed: true, status }
    }

    fn delivery(message: i64, id: &str, state: &str, statuses: &[u16]) -> Delivery {
        Delivery {
            bot: 1,
            webhook_id: id.to_owned(),
            message,
            state: state.to_owned(),
            posted: false,
            statuses: statuses.to_vec(),
        }
    }

    fn error(result: Result<()>) -> String {
        result.expect_err("a violation").to_string()
    }

    #[test]
    fn detects_lost_reordered_unexpected_and_forged_calls() {
        let both = BTreeSet::from([5, 7]);
        assert!(
            check_calls(
                1,
                &both,
                &[call(5, "a", None), call(5, "a", None), call(7, "b", None), call(7, "b", None)]
            )
            .is_ok()
        );
        assert!(
            error(check_calls(1, &both, &[call(5, "a", None)]))
                .contains("never received message 7")
        );
        let forged = RecordedCall { is_signed: false, ..call(7, "b", None) };
        assert!(
            error(check_calls(1, &both, &[call(5, "a", None), forged])).contains("wrong signature")
        );
        assert!(
            error(check_calls(1, &both, &[call(7, "b", None), call(5, "a", None)]))
                .contains("message 7 before 5")
        );
        let reordered = [call(5, "a", Some(500)), call(7, "b", Some(204)), call(5, "a", Some(204))];
        assert!(error(check_calls(1, &both, &reordered)).contains("message 7 before 5"));
        assert!(
            error(check_calls(
                1,
                &both,
                &[call(5, "a", None), call(6, "c", None), call(7, "b", None)]
            ))
            .contains("message 6")
        );
        assert!(
            error(check_calls(
                1,
                &both,
                &[call(5, "a", None), call(7, "b", None), call(5, "c", None)]
            ))
            .contains("two IDs")
        );
    }

    #[test]
    fn detects_a_log_that_disagrees_with_the_endpoint() {
        let one = BTreeSet::from([5]);
        let calls = [call(5, "a", Some(500)), call(5, "a", Some(204))];
        let check = |delivery: Delivery| check_log(1, &one, &calls, &[&delivery]);
        assert!(check(delivery(5, "a", "done", &[500, 204])).is_ok());
        // A crash may have lost the record of an attempt.
        assert!(check(delivery(5, "a", "done", &[204])).is_ok());
        assert!(
            error(check(delivery(5, "a", "failed", &[500, 204]))).contains("the log has failed")
        );
        assert!(error(check(delivery(5, "a", "done", &[500]))).contains("the log has done"));
        assert!(error(check(delivery(5, "a", "done", &[500, 500, 204]))).contains("500"));
        assert!(error(check(delivery(5, "b", "done", &[204]))).contains("another ID"));
        assert!(
            error(check(Delivery { posted: true, ..delivery(5, "a", "done", &[204]) }))
                .contains("the log is wrong")
        );
        assert!(error(check_log(1, &one, &calls, &[])).contains("0 deliveries"));
    }
}
