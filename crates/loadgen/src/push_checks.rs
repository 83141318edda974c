//! Was every device told what concerns its person, and nothing else?

use std::collections::BTreeSet;

use crate::Outcome;
use crate::cast::{Cast, Involvement, Person};
use crate::mentions::Told;
use crate::push_services::{Push, PushServices};

/// Something that was said, as notifications say it.
struct Said {
    author: i64,
    people: Vec<i64>,
    text: String,
}

/// Looks at every device; `Err` names the first broken promise, otherwise a summary.
pub fn verify(told: &[Told], cast: &Cast, services: &PushServices) -> Outcome<String> {
    let said = said(told, cast);
    let (mut devices, mut all, mut repeats, mut refused) = (0, 0, 0, 0);
    for person in &cast.people {
        let expected = expected(person, &said);
        for device in &person.devices {
            let heard = services.heard(*device);
            repeats += told_all(*device, &expected, &heard)?;
            all += heard.len();
            devices += 1;
        }
        if let Some(device) = person.gone {
            let heard = services.heard(device);
            told_nothing_else(device, &expected, &heard)?;
            refused += heard.len();
        }
    }
    let refused = if refused == 1 { "once".to_owned() } else { format!("{refused} times") };
    Ok(format!(
        "each of {devices} devices was notified of what concerns its person and of nothing else, {all} times in all ({repeats} repeats), \
         each time encrypted for it and signed; one that was gone said so {refused} and was forgotten"
    ))
}

/// The messages, and the bots' answers to them.
fn said(told: &[Told], cast: &Cast) -> Vec<Said> {
    let answer = |told: &Told| {
        let bot = cast.bots.iter().find(|bot| Some(bot.id) == told.bot)?;
        Some(Said { author: bot.id, people: Vec::new(), text: bot.answer(told.message)? })
    };
    let answers = told.iter().filter_map(answer);
    let messages = told.iter().map(|told| Said {
        author: told.author,
        people: told.people.clone(),
        text: told.text.clone(),
    });
    messages.chain(answers).collect()
}

/// What a person is to be notified of, nobody being connected: what others said, if they want to
/// hear everything or are mentioned.
fn expected<'a>(person: &Person, said: &'a [Said]) -> BTreeSet<&'a str> {
    let concerns = |said: &&Said| match person.involvement {
        Involvement::Everything => said.author != person.id,
        Involvement::Mentions => said.author != person.id && said.people.contains(&person.id),
        Involvement::Nothing => false,
    };
    said.iter().filter(concerns).map(|said| said.text.as_str()).collect()
}

/// Each of them at least once, and nothing else; gives the repeats.
fn told_all(device: usize, expected: &BTreeSet<&str>, heard: &[Push]) -> Outcome<usize> {
    let known = told_nothing_else(device, expected, heard)?;
    if let Some(lost) = expected.difference(&known).next() {
        return Err(format!("device {device} was never notified of “{lost}”").into());
    }
    Ok(heard.len() - known.len())
}

/// Nothing but these, from the server and for this device; gives which.
fn told_nothing_else<'a>(
    device: usize,
    expected: &BTreeSet<&str>,
    heard: &'a [Push],
) -> Outcome<BTreeSet<&'a str>> {
    let mut known = BTreeSet::new();
    for push in heard {
        let text = push
            .as_ref()
            .map_err(|wrong| format!("device {device} was sent what it cannot believe: {wrong}"))?;
        if !expected.contains(text.as_str()) {
            return Err(format!("device {device} was notified of “{text}”, which does not concern it or was not acknowledged").into());
        }
        known.insert(text.as_str());
    }
    Ok(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(texts: &[&str]) -> Vec<Push> {
        texts.iter().map(|text| Ok((*text).to_owned())).collect()
    }

    fn error(outcome: Outcome<usize>) -> String {
        outcome.expect_err("a broken promise").to_string()
    }

    #[test]
    fn losses_strangers_and_forgeries_are_found() {
        let both = BTreeSet::from(["a", "b"]);
        assert_eq!(told_all(1, &both, &heard(&["b", "a", "b", "b"])).expect("a kept promise"), 2);
        assert!(error(told_all(1, &both, &heard(&["a"]))).contains("never notified of “b”"));
        assert!(
            error(told_all(1, &both, &heard(&["a", "b", "c"])))
                .contains("“c”, which does not concern it")
        );
        let forged = [heard(&["a", "b"]), vec![Err("another key signed it".to_owned())]].concat();
        assert!(error(told_all(1, &both, &forged)).contains("another key signed it"));
        assert!(error(told_all(1, &BTreeSet::new(), &heard(&["a"]))).contains("“a”"));
    }

    #[test]
    fn involvement_decides_and_nobody_hears_themselves() {
        let say = |author: i64, people: &[i64], text: &str| Said {
            author,
            people: people.to_vec(),
            text: text.to_owned(),
        };
        let said = [
            say(1, &[], "to nobody"),
            say(1, &[2], "to her"),
            say(2, &[2], "to herself"),
            say(1, &[3], "to him"),
        ];
        let of = |involvement| {
            let person =
                Person { id: 2, sgid: String::new(), involvement, devices: Vec::new(), gone: None };
            expected(&person, &said).into_iter().collect::<Vec<_>>()
        };
        assert_eq!(of(Involvement::Everything), ["to her", "to him", "to nobody"]);
        assert_eq!(of(Involvement::Mentions), ["to her"]);
        assert!(of(Involvement::Nothing).is_empty());
    }
}
