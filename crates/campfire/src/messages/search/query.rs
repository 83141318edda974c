//! Parses what people type into the search field: words, "phrases" and filters. The only invalid
//! query is one that is too long: what is not a filter is a word, and no word is an operator.

use jiff::civil::Date;

use crate::core::ids::{RoomId, UserId};

/// Characters in a query.
pub const MAX_QUERY: usize = 512;
/// Words and phrases in a query; each costs an index lookup.
const MAX_TERMS: usize = 32;
/// Filters in a query.
const MAX_FILTERS: usize = 16;

/// What a message must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HasFilter {
    Link,
    File,
    Sound,
    Mention,
}

impl HasFilter {
    fn parse(word: &str) -> Option<Self> {
        match word.to_lowercase().as_str() {
            "link" => Some(Self::Link),
            "file" => Some(Self::File),
            "sound" => Some(Self::Sound),
            "mention" => Some(Self::Mention),
            _ => None,
        }
    }
}

/// A word or phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// Without quotes.
    pub text: String,
    /// Whether the last word of the text also matches longer words that begin with it.
    pub prefix: bool,
}

/// A parsed query.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// All of these must occur in the text.
    pub terms: Vec<Term>,
    /// Names of authors; a message by any of them matches.
    pub from: Vec<String>,
    /// Names of rooms; a message in any of them matches.
    pub rooms: Vec<String>,
    pub before: Option<Date>,
    pub after: Option<Date>,
    /// The message must have all of these.
    pub has: Vec<HasFilter>,
}

impl Query {
    /// # Errors
    /// A sentence for the user if the query is too long.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.chars().count() > MAX_QUERY {
            return Err(format!("The search is too long: at most {MAX_QUERY} characters."));
        }
        let mut query = Self::default();
        // Typographic quotes, as keyboards and phones insert them.
        let text = text.replace(['“', '”', '„', '«', '»'], "\"").replace(char::is_control, " ");
        let mut rest = text.trim();
        let mut last_is_word = false;
        let mut filters = 0;
        while !rest.is_empty() {
            if let Some((name, value, after)) = filter(rest)
                && query.add_filter(name, &value)
            {
                filters += 1;
                rest = after.trim_start();
                continue;
            }
            let (term, quoted, after) = word(rest);
            rest = after.trim_start();
            if term.chars().any(char::is_alphanumeric) {
                query.terms.push(Term { text: term, prefix: false });
                last_is_word = !quoted;
            }
        }
        if query.terms.len() > MAX_TERMS || filters > MAX_FILTERS {
            return Err(format!(
                "The search is too long: at most {MAX_TERMS} words and {MAX_FILTERS} filters."
            ));
        }
        if let Some(last) = query.terms.last_mut() {
            // The word may still be being typed; a phrase is complete.
            last.prefix = last_is_word;
        }
        Ok(query)
    }

    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Adds a filter; `false` if there is no filter with this name or it does not accept the value.
    pub fn add_filter(&mut self, name: &str, value: &str) -> bool {
        let value = value.trim();
        if value.is_empty() {
            return false;
        }
        match name.to_lowercase().as_str() {
            "from" => self.from.push(value.trim_start_matches('@').to_owned()),
            "in" => self.rooms.push(value.trim_start_matches('#').to_owned()),
            "before" => match value.parse::<Date>() {
                // Of several days, the narrowest applies.
                Ok(day) => self.before = Some(self.before.map_or(day, |other| other.min(day))),
                Err(_) => return false,
            },
            "after" => match value.parse::<Date>() {
                Ok(day) => self.after = Some(self.after.map_or(day, |other| other.max(day))),
                Err(_) => return false,
            },
            "has" => match HasFilter::parse(value) {
                Some(has) if !self.has.contains(&has) => self.has.push(has),
                Some(_) => {}
                None => return false,
            },
            _ => return false,
        }
        true
    }
}

/// A search request.
#[derive(Debug, Clone)]
pub struct Request {
    pub query: Query,
    pub room: Option<RoomId>,
    pub author: Option<UserId>,
    /// Only messages with IDs below this one.
    pub below: i64,
    /// Only messages with IDs above this one.
    pub above: i64,
    /// Messages per page.
    pub limit: usize,
}

impl Request {
    /// Whether there is nothing to search for.
    pub fn is_empty(&self) -> bool {
        self.query.is_empty() && self.room.is_none() && self.author.is_none()
    }
}

/// Splits off `name:value` or `name:"value with spaces"`: name, value and the rest.
fn filter(text: &str) -> Option<(&str, String, &str)> {
    let (name, rest) = text.split_once(':')?;
    if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return None;
    }
    let (value, _, after) = word(rest);
    (!rest.starts_with(char::is_whitespace)).then_some((name, value, after))
}

/// Splits off the first word or quoted phrase: its text, whether it is quoted, and the rest.
fn word(text: &str) -> (String, bool, &str) {
    if let Some(phrase) = text.strip_prefix('"') {
        return match phrase.split_once('"') {
            Some((inside, after)) => (inside.to_owned(), true, after),
            // The closing quote is not typed yet; a phrase never matches as a prefix.
            None => (phrase.to_owned(), true, ""),
        };
    }
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    (text[..end].replace('"', " "), false, &text[end..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Query {
        Query::parse(text).expect("a query")
    }

    fn words(query: &Query) -> Vec<&str> {
        query.terms.iter().map(|term| term.text.as_str()).collect()
    }

    #[test]
    fn splits_words_phrases_and_filters() {
        let query = parse(
            r#"lantern "quiet harbour" from:"Ada Lovelace" IN:#general has:link before:2026-01-31 after:2025-12-01 riv"#,
        );
        assert_eq!(words(&query), ["lantern", "quiet harbour", "riv"]);
        assert_eq!(
            query.terms.iter().map(|term| term.prefix).collect::<Vec<_>>(),
            [false, false, true]
        );
        assert_eq!(
            (query.from, query.rooms, query.has),
            (vec!["Ada Lovelace".into()], vec!["general".into()], vec![HasFilter::Link])
        );
        assert_eq!(
            (query.before, query.after),
            (Some(jiff::civil::date(2026, 1, 31)), Some(jiff::civil::date(2025, 12, 1)))
        );
    }

    #[test]
    fn unknown_filters_are_words() {
        let query = parse("re:invent before:yesterday has:fun from: https://example.com/a:b 12:30");
        assert_eq!(
            words(&query),
            [
                "re:invent",
                "before:yesterday",
                "has:fun",
                "from:",
                "https://example.com/a:b",
                "12:30"
            ]
        );
        assert!(query.from.is_empty());
    }

    #[test]
    fn empty_queries_are_empty_and_long_ones_are_rejected() {
        assert!(parse(" \u{0} !! \"\" ... ").is_empty());
        assert!(parse("👍").is_empty());
        assert!(Query::parse(&"a".repeat(512)).is_ok());
        assert!(Query::parse(&"a".repeat(513)).is_err());
        assert!(Query::parse(&"a ".repeat(33)).is_err());
        assert!(Query::parse(&"in:a ".repeat(17)).is_err());
    }
}
