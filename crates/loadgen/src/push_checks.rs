//! Checks of the pushes after the crash test: every device received exactly the notifications meant
//! for its person.

use std::collections::BTreeSet;

use crate::Result;
use crate::push_services::{PushServices, ReceivedPush};
use crate::test_actors::{Involvement, Person, TestActors};
use crate::writers::PostedMessage;

/// A message as notifications show it.
struct Message {
    author: i64,
    people: Vec<i64>,
    text: String,
}

/// Checks every device; `Err` describes the first violation, `Ok` is a summary.
pub fn verify(
    posted: &[PostedMessage],
    actors: &TestActors,
    services: &PushServices,
) -> Result<String> {
    let messages = messages(posted, actors);
    let (mut devices, mut all, mut repeats, mut rejected) = (0, 0, 0, 0);
    for person in &actors.people {
        let expected = expected(person, &messages);
        for device in &person.devices {
            let received = services.received(*device);
            repeats += check_complete(*device, &expected, &received)?;
            all += received.len();
            devices += 1;
        }
        if let Some(device) = person.expired_device {
            let received = services.received(device);
            check_expected(device, &expected, &received)?;
            rejected += received.len();
        }
    }
    Ok(format!(
        "each of {devices} devices received exactly its notifications, {all} pushes in all ({repeats} repeated), all encrypted for it and signed; \
         the subscription of an expired device was deleted after {rejected} rejected pushes"
    ))
}

/// The posted messages, and the bots' replies to them.
fn messages(posted: &[PostedMessage], actors: &TestActors) -> Vec<Message> {
    let reply = |message: &PostedMessage| {
        let bot = actors.bots.iter().find(|bot| Some(bot.id) == message.bot)?;
        let text = bot.reply_notification(message.id)?;
        Some(Message { author: bot.id, people: Vec::new(), text })
    };
    let replies = posted.iter().filter_map(reply);
    let messages = posted.iter().map(|message| Message {
        author: message.author,
        people: message.people.clone(),
        text: message.notification.clone(),
    });
    messages.chain(replies).collect()
}

/// The notifications that a person must receive. No client is connected, so only the
/// involvement decides.
fn expected<'a>(person: &Person, messages: &'a [Message]) -> BTreeSet<&'a str> {
    let is_recipient = |message: &&Message| {
        message.author != person.id
            && match person.involvement {
                Involvement::Everything => true,
                Involvement::Mentions => message.people.contains(&person.id),
                Involvement::Nothing => false,
            }
    };
    messages.iter().filter(is_recipient).map(|message| message.text.as_str()).collect()
}

/// Checks that the device received each of them at least once and nothing else; returns the number
/// of repeats.
fn check_complete(
    device: usize,
    expected: &BTreeSet<&str>,
    received: &[ReceivedPush],
) -> Result<usize> {
    let texts = check_expected(device, expected, received)?;
    if let Some(lost) = expected.difference(&texts).next() {
        return Err(format!("device {device} was never notified of “{lost}”").into());
    }
    Ok(received.len() - texts.len())
}

/// Checks that the device received only these, all valid; returns the distinct texts.
fn check_expected<'a>(
    device: usize,
    expected: &BTreeSet<&str>,
    received: &'a [ReceivedPush],
) -> Result<BTreeSet<&'a str>> {
    let mut texts = BTreeSet::new();
    for push in received {
        let text = push
            .as_ref()
            .map_err(|invalid| format!("device {device} received an invalid push: {invalid}"))?;
        if !expected.contains(text.as_str()) {
            return Err(format!("device {device} was notified of “{text}”, which is not meant for it or was not acknowledged").into());
        }
        texts.insert(text.as_str());
    }
    Ok(texts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pushes(texts: &[&str]) -> Vec<ReceivedPush> {
        texts.iter().map(|text| Ok((*text).to_owned())).collect()
    }

    fn error(result: Result<usize>) -> String {
        result.expect_err("a violation").to_string()
    }

    #[test]
    fn detects_lost_unexpected_and_forged_pushes() {
        let both = BTreeSet::from(["a", "b"]);
        assert_eq!(
            check_complete(1, &both, &pushes(&["b", "a", "b", "b"])).expect("no violation"),
            2
        );
        assert!(error(check_complete(1, &both, &pushes(&["a"]))).contains("never notified of “b”"));
        assert!(
            error(check_complete(1, &both, &pushes(&["a", "b", "c"])))
                .contains("“c”, which is not meant for it")
        );
        let forged =
            [pushes(&["a", "b"]), vec![Err("it is signed with another key".to_owned())]].concat();
        assert!(error(check_complete(1, &both, &forged)).contains("it is signed with another key"));
        assert!(error(check_complete(1, &BTreeSet::new(), &pushes(&["a"]))).contains("“a”"));
    }

    #[test]
    fn involvement_selects_recipients_and_excludes_the_author() {
        let message = |author: i64, people: &[i64], text: &str| Message {
            author,
            people: people.to_vec(),
            text: text.to_owned(),
        };
        let messages = [
            message(1, &[], "to no one"),
            message(1, &[2], "to her"),
            message(2, &[2], "to herself"),
            message(1, &[3], "to him"),
        ];
        let of = |involvement| {
            let person = Person {
                id: 2,
                sgid: String::new(),
                involvement,
                devices: Vec::new(),
                expired_device: None,
            };
            expected(&person, &messages).into_iter().collect::<Vec<_>>()
        };
        assert_eq!(of(Involvement::Everything), ["to her", "to him", "to no one"]);
        assert_eq!(of(Involvement::Mentions), ["to her"]);
        assert!(of(Involvement::Nothing).is_empty());
    }
}
