//! Was every bot told what concerns it, in order, and nothing else? Does the log say what the
//! receivers know?

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use crate::Outcome;
use crate::mentions::Told;
use crate::receivers::{Call, Calls, answer_to, answers};

/// A delivery as the log tells it.
pub struct Delivery {
    /// Whose it is.
    pub bot: i64,
    /// What its receiver knows it by.
    pub webhook_id: String,
    /// What it is about.
    pub message: i64,
    /// How far it is.
    pub state: String,
    /// Whether an answer was posted.
    pub posted: bool,
    /// What was answered at its attempts, where something was.
    pub statuses: Vec<u16>,
}

/// Looks at everything; `Err` names the first broken promise, otherwise a summary.
pub fn verify(database: &Path, told: &[Told], log: &[Delivery], calls: &Calls) -> Outcome<String> {
    let mut expected: BTreeMap<i64, BTreeSet<i64>> = BTreeMap::new();
    for (bot, told) in told.iter().filter_map(|told| Some((told.bot?, told))) {
        expected.entry(bot).or_default().insert(told.message);
    }
    let (mut all, mut posted) = (0, 0);
    for (bot, messages) in &expected {
        let calls = calls.of(*bot);
        heard(*bot, messages, &calls)?;
        let log = log.iter().filter(|delivery| delivery.bot == *bot).collect::<Vec<_>>();
        truthful(*bot, messages, &calls, &log)?;
        all += calls.len();
        posted += log.iter().filter(|delivery| delivery.posted).count();
    }
    said_once(database, &expected)?;
    Ok(format!(
        "each bot heard of each of its messages, in order, {} times in all ({} repeats); {posted} answers were said, each once; the log agrees",
        all,
        all - expected.values().map(BTreeSet::len).sum::<usize>()
    ))
}

/// The calls are the expected messages in order, no more and no fewer, and a message keeps its id.
/// It may be repeated, but not after a later one: that one had to wait until it was taken.
fn heard(bot: i64, messages: &BTreeSet<i64>, calls: &[Call]) -> Outcome<()> {
    let mut ids: HashMap<i64, &str> = HashMap::new();
    for call in calls {
        if ids.insert(call.message, &call.id).is_some_and(|id| id != call.id) {
            return Err(format!("bot {bot} heard of message {} under two ids", call.message).into());
        }
    }
    if let Some(call) = calls.iter().find(|call| !call.is_signed) {
        return Err(
            format!("bot {bot} heard of message {} under a wrong signature", call.message).into()
        );
    }
    if let Some(lost) = messages.iter().find(|message| !ids.contains_key(message)) {
        return Err(format!("bot {bot} never heard of message {lost}").into());
    }
    if let Some(odd) = calls.iter().find(|call| !messages.contains(&call.message)) {
        return Err(format!(
            "bot {bot} heard of message {}, which does not concern it or was not acknowledged",
            odd.message
        )
        .into());
    }
    if let Some(pair) = calls.windows(2).find(|pair| pair[0].message > pair[1].message) {
        return Err(format!(
            "bot {bot} heard of message {} before {}",
            pair[0].message, pair[1].message
        )
        .into());
    }
    Ok(())
}

/// One delivery for each message; it is done, under the id that the receiver saw, and no answer is
/// written down that was not given.
fn truthful(bot: i64, messages: &BTreeSet<i64>, calls: &[Call], log: &[&Delivery]) -> Outcome<()> {
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
        let given = calls
            .iter()
            .filter(|call| call.message == message)
            .filter_map(|call| call.answered)
            .collect::<Vec<_>>();
        if calls.iter().any(|call| call.message == message && call.id != *id) {
            return Err(format!("bot {bot}: message {message} has another id in the log").into());
        }
        if delivery.state != "done"
            || !delivery.statuses.last().is_some_and(|status| matches!(status, 200 | 204))
        {
            return Err(format!(
                "bot {bot}: message {message} was taken, and the log says {} {:?}",
                delivery.state, delivery.statuses
            )
            .into());
        }
        let count = |list: &[u16], status: u16| list.iter().filter(|one| **one == status).count();
        if let Some(status) = delivery
            .statuses
            .iter()
            .find(|status| count(&delivery.statuses, **status) > count(&given, **status))
        {
            return Err(format!("bot {bot}: the log has an answer {status} about message {message} that was not given").into());
        }
        if delivery.posted != answers(bot) {
            return Err(format!(
                "bot {bot}: the answer about message {message} is wrong in the log"
            )
            .into());
        }
    }
    Ok(())
}

/// Each answer is in the room once, and nothing else by a bot is.
fn said_once(database: &Path, expected: &BTreeMap<i64, BTreeSet<i64>>) -> Outcome<()> {
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
        let said = statement
            .query_map([bot], |row| row.get::<_, String>(0))?
            .collect::<Result<Vec<_>, _>>()?;
        let wanted = messages
            .iter()
            .filter(|_| answers(*bot))
            .map(|message| format!("<div>{}</div>", answer_to(*message)));
        let mut wanted = wanted.collect::<Vec<_>>();
        wanted.sort_unstable();
        if said != wanted {
            return Err(format!(
                "bot {bot} said {} things instead of {}",
                said.len(),
                wanted.len()
            )
            .into());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(message: i64, id: &str, answered: Option<u16>) -> Call {
        Call { message, id: id.to_owned(), is_signed: true, answered }
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

    fn error(outcome: Outcome<()>) -> String {
        outcome.expect_err("a broken promise").to_string()
    }

    #[test]
    fn order_losses_and_strangers_are_found() {
        let both = BTreeSet::from([5, 7]);
        assert!(
            heard(
                1,
                &both,
                &[call(5, "a", None), call(5, "a", None), call(7, "b", None), call(7, "b", None)]
            )
            .is_ok()
        );
        assert!(error(heard(1, &both, &[call(5, "a", None)])).contains("never heard of message 7"));
        let forged = Call { is_signed: false, ..call(7, "b", None) };
        assert!(error(heard(1, &both, &[call(5, "a", None), forged])).contains("wrong signature"));
        assert!(
            error(heard(1, &both, &[call(7, "b", None), call(5, "a", None)]))
                .contains("message 7 before 5")
        );
        let overtaken = [call(5, "a", Some(500)), call(7, "b", Some(204)), call(5, "a", Some(204))];
        assert!(error(heard(1, &both, &overtaken)).contains("message 7 before 5"));
        assert!(
            error(heard(1, &both, &[call(5, "a", None), call(6, "c", None), call(7, "b", None)]))
                .contains("message 6")
        );
        assert!(
            error(heard(1, &both, &[call(5, "a", None), call(7, "b", None), call(5, "c", None)]))
                .contains("two ids")
        );
    }

    #[test]
    fn a_log_that_lies_is_found() {
        let one = BTreeSet::from([5]);
        let calls = [call(5, "a", Some(500)), call(5, "a", Some(204))];
        let judge = |delivery: Delivery| truthful(1, &one, &calls, &[&delivery]);
        assert!(judge(delivery(5, "a", "done", &[500, 204])).is_ok());
        // A crash may have cost the record of an attempt.
        assert!(judge(delivery(5, "a", "done", &[204])).is_ok());
        assert!(
            error(judge(delivery(5, "a", "failed", &[500, 204]))).contains("the log says failed")
        );
        assert!(error(judge(delivery(5, "a", "done", &[500]))).contains("the log says done"));
        assert!(error(judge(delivery(5, "a", "done", &[500, 500, 204]))).contains("500"));
        assert!(error(judge(delivery(5, "b", "done", &[204]))).contains("another id"));
        assert!(
            error(judge(Delivery { posted: true, ..delivery(5, "a", "done", &[204]) }))
                .contains("wrong in the log")
        );
        assert!(error(truthful(1, &one, &calls, &[])).contains("0 deliveries"));
    }
}
