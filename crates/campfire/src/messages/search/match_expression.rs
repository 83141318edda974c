//! The words of a query as an FTS5 `MATCH` expression. Every word is quoted, so that nothing in it is
//! an operator.

use super::cjk::{self, Segment};
use super::query::Query;
use super::tokenizer;

/// The variants of a query's expression that the executor tries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatchExpression {
    /// Whether the expression is for the CJK index.
    pub uses_cjk: bool,
    /// Matches the last word as a whole word.
    pub exact: String,
    /// Matches every word that begins with the last one; `None` if the last one is complete.
    pub prefix: Option<String>,
    /// All words but the last, if there are others.
    others: Option<String>,
    /// The last word as the index stores it; `None` if it is complete.
    pub last_term: Option<String>,
}

impl MatchExpression {
    /// `None` if the query has no words.
    pub fn new(query: &Query) -> Option<Self> {
        if query.terms.is_empty() {
            return None;
        }
        let uses_cjk = query.terms.iter().any(|term| cjk::contains_cjk(&term.text));
        let mut complete = Vec::new();
        let (mut last, mut last_term) = (None, None);
        for term in &query.terms {
            for segment in cjk::segments_if(uses_cjk, &term.text) {
                match segment {
                    Segment::Cjk(run) => complete.push(cjk::phrase(&run)),
                    Segment::Other(other) if other.chars().any(char::is_alphanumeric) => {
                        let word = format!("\"{}\"", other.replace('"', " "));
                        if term.prefix {
                            last_term = tokenizer::last_term(&other);
                            last = Some(word);
                        } else {
                            complete.push(word);
                        }
                    }
                    Segment::Other(_) => {}
                }
            }
        }
        let join = |last: Option<String>| {
            complete.iter().cloned().chain(last).collect::<Vec<_>>().join(" ")
        };
        let prefix = last.as_ref().map(|word| join(Some(format!("{word}*"))));
        let others = (!complete.is_empty()).then(|| join(None));
        Some(Self { uses_cjk, exact: join(last), prefix, others, last_term })
    }

    /// Matches any of these index terms in place of the last word. `None` if FTS5 would not find
    /// one of them, because it stems the words of a query and the term's stem is another.
    pub fn with_last_term_in(&self, terms: &[String]) -> Option<String> {
        if !terms.iter().all(|term| tokenizer::last_term(term).as_ref() == Some(term)) {
            return None;
        }
        let terms = terms.iter().map(|term| format!("\"{term}\"")).collect::<Vec<_>>().join(" OR ");
        Some(match &self.others {
            Some(others) => format!("{others} AND ({terms})"),
            None => terms,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn expression(query: &str) -> Option<MatchExpression> {
        MatchExpression::new(&Query::parse(query).expect("a valid query"))
    }

    #[test]
    fn operators_are_quoted() {
        let expression = expression("cats AND NOT dogs* NEAR(x) ^y body: (z").expect("words");
        assert_eq!(expression.exact, r#""cats" "AND" "NOT" "dogs*" "NEAR(x)" "^y" "body:" "(z""#);
        assert_eq!(
            expression.prefix.as_deref(),
            Some(r#""cats" "AND" "NOT" "dogs*" "NEAR(x)" "^y" "body:" "(z"*"#)
        );
    }

    #[test]
    fn cjk_words_use_the_cjk_index() {
        let expression = expression("deploy 天气").expect("words");
        assert!(expression.uses_cjk);
        assert_eq!(expression.exact, r#""deploy" "u022825027668 ""#);
        assert_eq!(expression.prefix, None);
    }

    proptest! {
        #[test]
        fn every_query_is_valid_fts5(text in "\\PC{0,60}|[a-z\"*:()^+ {}-]{0,40}|[天气ไทย회 a\"]{0,20}") {
            let conn = rusqlite::Connection::open_in_memory().expect("opens");
            conn.execute_batch("CREATE VIRTUAL TABLE t USING fts5(body, tokenize=porter); INSERT INTO t VALUES ('one two')").expect("made");
            let Ok(query) = Query::parse(&text) else { return Ok(()) };
            if let Some(expression) = MatchExpression::new(&query) {
                for words in [Some(&expression.exact), expression.prefix.as_ref()].into_iter().flatten() {
                    let found = conn.query_row("SELECT count(*) FROM t WHERE t MATCH ?1", [words], |row| row.get::<_, i64>(0));
                    prop_assert!(found.is_ok(), "{text:?} became {words:?}: {found:?}");
                }
            }
        }

        #[test]
        fn an_expanded_prefix_matches_the_same_rows(
            texts in prop::collection::vec("(ca[tresing]{0,6} ?|dog ?){1,4}", 1..20),
            query in "(dog )?ca[tresing]{0,2}",
        ) {
            let conn = rusqlite::Connection::open_in_memory().expect("opens");
            conn.execute_batch("CREATE VIRTUAL TABLE t USING fts5(body, tokenize=porter); CREATE VIRTUAL TABLE v USING fts5vocab(t, row);")
                .expect("made");
            for text in &texts {
                conn.execute("INSERT INTO t VALUES (?1)", [text]).expect("stored");
            }
            let expression = expression(&query).expect("words");
            let (prefix, last) = (expression.prefix.clone().expect("open"), expression.last_term.clone().expect("a word"));
            let mut words = conn.prepare("SELECT term FROM v WHERE term >= ?1 AND term < ?1 || char(0x10ffff)").expect("valid");
            let words = words.query_map([last], |row| row.get(0)).expect("asked").collect::<Result<Vec<String>, _>>().expect("words");
            let found = |query: &str| {
                let mut found = conn.prepare("SELECT rowid FROM t WHERE t MATCH ?1 ORDER BY rowid").expect("valid");
                found.query_map([query], |row| row.get(0)).expect("asked").collect::<Result<Vec<i64>, _>>().expect("found")
            };
            match expression.with_last_term_in(&words).filter(|_| !words.is_empty()) {
                Some(expanded) => prop_assert_eq!(found(&expanded), found(&prefix), "{} and {}", expanded, prefix),
                None => prop_assert!(words.is_empty() || words.iter().any(|word| tokenizer::last_term(word).as_ref() != Some(word))),
            }
        }

        #[test]
        fn a_word_matches_itself(word in "[a-zà-ÿα-ωа-я0-9]{1,12}", others in "[a-z ]{0,20}") {
            let conn = rusqlite::Connection::open_in_memory().expect("opens");
            conn.execute_batch("CREATE VIRTUAL TABLE t USING fts5(body, tokenize=porter)").expect("made");
            conn.execute("INSERT INTO t VALUES (?1)", [format!("{others} {word} {others}")]).expect("stored");
            if let Some(expression) = expression(&word) {
                let found: i64 = conn.query_row("SELECT count(*) FROM t WHERE t MATCH ?1", [&expression.exact], |row| row.get(0)).expect("valid");
                prop_assert_eq!(found, 1);
            }
        }
    }
}
