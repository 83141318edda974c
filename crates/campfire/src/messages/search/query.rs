//! What people type into the search field: words, "phrases" and filters. Nothing that is typed is
//! an error but too much of it: what is no filter is a word, and every word stands for itself.

use jiff::civil::Date;

use super::highlight;
use super::scripts::{self, Piece};

/// Characters of a query.
pub const MAX_QUERY: usize = 512;
/// Words and phrases of a query; each costs the index some work.
pub const MAX_TERMS: usize = 32;
/// Filters of a query.
pub const MAX_FILTERS: usize = 16;

/// What a message must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Has {
    /// An address to follow.
    Link,
    /// A file.
    File,
    /// A sound to play.
    Sound,
    /// Somebody's name that calls them.
    Mention,
}

impl Has {
    /// By its name in a query.
    pub fn parse(word: &str) -> Option<Self> {
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
    /// As it was typed, without quotes.
    pub text: String,
    /// Whether words that only begin like it count, too.
    pub prefix: bool,
}

/// A query, taken apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// What the text must hold, all of it.
    pub terms: Vec<Term>,
    /// Names of authors, of whom one must have said it.
    pub from: Vec<String>,
    /// Names of rooms, in one of which it must have been said.
    pub rooms: Vec<String>,
    /// The day before which it was said.
    pub before: Option<Date>,
    /// The day after which it was said.
    pub after: Option<Date>,
    /// What it must have, all of it.
    pub has: Vec<Has>,
}

impl Query {
    /// Takes a query apart.
    ///
    /// # Errors
    /// What is too much of it.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.chars().count() > MAX_QUERY {
            return Err(format!("The search is too long: at most {MAX_QUERY} characters."));
        }
        let mut query = Self::default();
        // Quotes as people's keyboards write them.
        let text = text.replace(['“', '”', '„', '«', '»'], "\"").replace(char::is_control, " ");
        let mut rest = text.trim();
        let mut last_is_word = false;
        let mut filters = 0;
        while !rest.is_empty() {
            if let Some((name, value, after)) = filter(rest)
                && query.filter(name, &value)
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
            // Whoever closed a quotation has finished the word.
            last.prefix = last_is_word;
        }
        Ok(query)
    }

    /// Whether nothing is asked for.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Adds a filter; `false` if there is none of this name, or none that takes this value.
    pub fn filter(&mut self, name: &str, value: &str) -> bool {
        let value = value.trim();
        if value.is_empty() {
            return false;
        }
        match name.to_lowercase().as_str() {
            "from" => self.from.push(value.trim_start_matches('@').to_owned()),
            "in" => self.rooms.push(value.trim_start_matches('#').to_owned()),
            "before" => match value.parse::<Date>() {
                // Of several days the narrowest counts.
                Ok(day) => self.before = Some(self.before.map_or(day, |known| known.min(day))),
                Err(_) => return false,
            },
            "after" => match value.parse::<Date>() {
                Ok(day) => self.after = Some(self.after.map_or(day, |known| known.max(day))),
                Err(_) => return false,
            },
            "has" => match Has::parse(value) {
                Some(has) if !self.has.contains(&has) => self.has.push(has),
                Some(_) => {}
                None => return false,
            },
            _ => return false,
        }
        true
    }

    /// The words in the language of the full-text index, all quoted, so that nothing in them is an
    /// operator; `None` without words.
    pub fn expression(&self) -> Option<Expression> {
        if self.terms.is_empty() {
            return None;
        }
        let unspaced = self.terms.iter().any(|term| scripts::has_unspaced(&term.text));
        let mut whole = Vec::new();
        let (mut open, mut stem) = (None, None);
        for term in &self.terms {
            let pieces = if unspaced {
                scripts::pieces(&term.text)
            } else {
                vec![Piece::Other(term.text.clone())]
            };
            for piece in pieces {
                match piece {
                    Piece::Run(run) => whole.push(scripts::phrase(&run)),
                    Piece::Other(other) if other.chars().any(char::is_alphanumeric) => {
                        let word = format!("\"{}\"", other.replace('"', " "));
                        if term.prefix {
                            stem = highlight::last_stem(&other);
                            open = Some(word);
                        } else {
                            whole.push(word);
                        }
                    }
                    Piece::Other(_) => {}
                }
            }
        }
        let join =
            |last: Option<String>| whole.iter().cloned().chain(last).collect::<Vec<_>>().join(" ");
        let beginning = open.as_ref().map(|word| join(Some(format!("{word}*"))));
        let others = (!whole.is_empty()).then(|| join(None));
        Some(Expression { unspaced, exact: join(open), beginning, others, last: stem })
    }
}

/// A query's words for the full-text index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expression {
    /// Whether the table for scripts without spaces is asked.
    pub unspaced: bool,
    /// With the last word as a whole one.
    pub exact: String,
    /// With all words that begin like the last one, if it may be a beginning.
    pub beginning: Option<String>,
    /// All but the last word, if there are others.
    pub others: Option<String>,
    /// The last word as the index keeps it, if it may be a beginning.
    pub last: Option<String>,
}

impl Expression {
    /// With one of these words, as the index keeps them, in place of the last one; `None` if the
    /// index would not find them by themselves, because it cuts what it is asked for to its
    /// stem once more.
    pub fn with_one_of(&self, words: &[String]) -> Option<String> {
        let keeps_itself = |word: &String| highlight::last_stem(word).as_ref() == Some(word);
        if !words.iter().all(keeps_itself) {
            return None;
        }
        let words = words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(" OR ");
        Some(match &self.others {
            Some(others) => format!("{others} AND ({words})"),
            None => words,
        })
    }
}

/// `name:value` or `name:"value with spaces"` at the beginning of a text, and what follows.
fn filter(text: &str) -> Option<(&str, String, &str)> {
    let (name, rest) = text.split_once(':')?;
    if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return None;
    }
    let (value, _, after) = word(rest);
    (!rest.starts_with(char::is_whitespace)).then_some((name, value, after))
}

/// The first word or quotation of a text, whether it is a quotation, and what follows.
fn word(text: &str) -> (String, bool, &str) {
    if let Some(quotation) = text.strip_prefix('"') {
        return match quotation.split_once('"') {
            Some((inside, after)) => (inside.to_owned(), true, after),
            // Not closed yet: its last word is still being typed, but a phrase has no open end.
            None => (quotation.to_owned(), true, ""),
        };
    }
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    (text[..end].replace('"', " "), false, &text[end..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parse(text: &str) -> Query {
        Query::parse(text).expect("a query")
    }

    fn words(query: &Query) -> Vec<&str> {
        query.terms.iter().map(|term| term.text.as_str()).collect()
    }

    #[test]
    fn words_phrases_and_filters() {
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
            (vec!["Ada Lovelace".into()], vec!["general".into()], vec![Has::Link])
        );
        assert_eq!(
            (query.before, query.after),
            (Some(jiff::civil::date(2026, 1, 31)), Some(jiff::civil::date(2025, 12, 1)))
        );
    }

    #[test]
    fn what_is_no_filter_is_a_word() {
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
    fn nothing_is_nothing_and_too_much_is_refused() {
        assert!(parse(" \u{0} !! \"\" ... ").is_empty());
        assert!(parse("👍").is_empty());
        assert!(Query::parse(&"a".repeat(512)).is_ok());
        assert!(Query::parse(&"a".repeat(513)).is_err());
        assert!(Query::parse(&"a ".repeat(33)).is_err());
        assert!(Query::parse(&"in:a ".repeat(17)).is_err());
    }

    #[test]
    fn operators_are_words() {
        let expression =
            parse("cats AND NOT dogs* NEAR(x) ^y body: (z").expression().expect("words");
        assert_eq!(expression.exact, r#""cats" "AND" "NOT" "dogs*" "NEAR(x)" "^y" "body:" "(z""#);
        assert_eq!(
            expression.beginning.as_deref(),
            Some(r#""cats" "AND" "NOT" "dogs*" "NEAR(x)" "^y" "body:" "(z"*"#)
        );
    }

    #[test]
    fn scripts_without_spaces_go_to_their_own_table() {
        let expression = parse("deploy 天气").expression().expect("words");
        assert!(expression.unspaced);
        assert_eq!(expression.exact, r#""deploy" "u022825027668 ""#);
        assert_eq!(expression.beginning, None);
    }

    proptest! {
        #[test]
        fn no_query_breaks_the_index(text in "\\PC{0,60}|[a-z\"*:()^+ {}-]{0,40}|[天气ไทย회 a\"]{0,20}") {
            let conn = rusqlite::Connection::open_in_memory().expect("opens");
            conn.execute_batch("CREATE VIRTUAL TABLE t USING fts5(body, tokenize=porter); INSERT INTO t VALUES ('one two')").expect("made");
            let Ok(query) = Query::parse(&text) else { return Ok(()) };
            if let Some(expression) = query.expression() {
                for words in [Some(&expression.exact), expression.beginning.as_ref()].into_iter().flatten() {
                    let found = conn.query_row("SELECT count(*) FROM t WHERE t MATCH ?1", [words], |row| row.get::<_, i64>(0));
                    prop_assert!(found.is_ok(), "{text:?} became {words:?}: {found:?}");
                }
            }
        }

        #[test]
        fn words_with_a_beginning_are_found_one_by_one_as_well(
            texts in prop::collection::vec("(ca[tresing]{0,6} ?|dog ?){1,4}", 1..20),
            query in "(dog )?ca[tresing]{0,2}",
        ) {
            let conn = rusqlite::Connection::open_in_memory().expect("opens");
            conn.execute_batch("CREATE VIRTUAL TABLE t USING fts5(body, tokenize=porter); CREATE VIRTUAL TABLE v USING fts5vocab(t, row);")
                .expect("made");
            for text in &texts {
                conn.execute("INSERT INTO t VALUES (?1)", [text]).expect("stored");
            }
            let expression = parse(&query).expression().expect("words");
            let (beginning, last) = (expression.beginning.clone().expect("open"), expression.last.clone().expect("a word"));
            let mut words = conn.prepare("SELECT term FROM v WHERE term >= ?1 AND term < ?1 || char(0x10ffff)").expect("valid");
            let words = words.query_map([last], |row| row.get(0)).expect("asked").collect::<Result<Vec<String>, _>>().expect("words");
            let found = |query: &str| {
                let mut found = conn.prepare("SELECT rowid FROM t WHERE t MATCH ?1 ORDER BY rowid").expect("valid");
                found.query_map([query], |row| row.get(0)).expect("asked").collect::<Result<Vec<i64>, _>>().expect("found")
            };
            match expression.with_one_of(&words).filter(|_| !words.is_empty()) {
                Some(one_of) => prop_assert_eq!(found(&one_of), found(&beginning), "{} and {}", one_of, beginning),
                None => prop_assert!(words.is_empty() || words.iter().any(|word| highlight::last_stem(word).as_ref() != Some(word))),
            }
        }

        #[test]
        fn a_word_finds_itself(word in "[a-zà-ÿα-ωа-я0-9]{1,12}", others in "[a-z ]{0,20}") {
            let conn = rusqlite::Connection::open_in_memory().expect("opens");
            conn.execute_batch("CREATE VIRTUAL TABLE t USING fts5(body, tokenize=porter)").expect("made");
            conn.execute("INSERT INTO t VALUES (?1)", [format!("{others} {word} {others}")]).expect("stored");
            if let Some(expression) = parse(&word).expression() {
                let found: i64 = conn.query_row("SELECT count(*) FROM t WHERE t MATCH ?1", [&expression.exact], |row| row.get(0)).expect("valid");
                prop_assert_eq!(found, 1);
            }
        }
    }
}
