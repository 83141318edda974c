//! Splits text into terms the way the search index does (FTS5's `porter` over `unicode61`): words
//! without case and accents, reduced to their stems.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::cjk::is_cjk;
use super::stem::stem;

/// A word of a text.
pub struct Token {
    /// Bytes of the text.
    pub range: Range<usize>,
    /// The word as the index stores it.
    pub term: String,
}

/// The words of a text. With `skip_cjk`, CJK characters separate words like spaces do.
pub fn tokens(text: &str, skip_cjk: bool) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        let in_word = (c.is_alphanumeric() || (start.is_some() && is_combining_mark(c)))
            && !(skip_cjk && is_cjk(c));
        match (start, in_word) {
            (None, true) => start = Some(at),
            (Some(from), false) => {
                let mut term = fold(&text[from..at]);
                stem(&mut term);
                tokens.push(Token { range: from..at, term });
                start = None;
            }
            _ => {}
        }
    }
    tokens
}

/// The term of the last word of a text.
pub fn last_term(text: &str) -> Option<String> {
    tokens(text, false).pop().map(|token| token.term)
}

/// Removes case and accents.
pub fn fold(word: &str) -> String {
    if word.is_ascii() {
        return word.to_ascii_lowercase();
    }
    word.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect()
}
