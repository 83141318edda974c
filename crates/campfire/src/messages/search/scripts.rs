//! Scripts that are written without spaces between words (Chinese, Japanese, Thai, …) or that glue
//! endings to words (Korean): for these the index has a second table, in which every two
//! neighbouring signs make a word.

use std::fmt::Write as _;

use unicode_normalization::UnicodeNormalization;

/// Whether the sign belongs to such a script.
pub fn is_unspaced(c: char) -> bool {
    matches!(u32::from(c),
        0x0e01..=0x0e3a | 0x0e40..=0x0e4e | 0x0e81..=0x0ece | 0x0f40..=0x0fbc | 0x1000..=0x1049 | 0x1050..=0x109d | 0x1100..=0x11ff
        | 0x1780..=0x17d3 | 0x3005..=0x3007 | 0x3041..=0x309f | 0x30a1..=0x30fa | 0x30fc..=0x30ff | 0x3105..=0x312f | 0x3131..=0x318e
        | 0x31f0..=0x31ff | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xa960..=0xa97c | 0xac00..=0xd7fb | 0xf900..=0xfaff | 0xff66..=0xffdc
        | 0x20000..=0x3ffff)
}

/// Whether a text has such signs.
pub fn has_unspaced(text: &str) -> bool {
    !text.is_ascii() && text.chars().any(is_unspaced)
}

/// A stretch of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Signs of scripts without spaces.
    Run(Vec<char>),
    /// Anything else.
    Other(String),
}

/// A text in stretches, its accents composed.
pub fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for c in text.nfc() {
        match (pieces.last_mut(), is_unspaced(c)) {
            (Some(Piece::Run(run)), true) => run.push(c),
            (Some(Piece::Other(other)), false) => other.push(c),
            (_, true) => pieces.push(Piece::Run(vec![c])),
            (_, false) => pieces.push(Piece::Other(c.to_string())),
        }
    }
    pieces
}

/// What the second table holds of a text: its words, and for each run every pair of neighbours and
/// the last sign alone. `None` for a text without such signs, which the table does not hold.
pub fn for_table(text: &str) -> Option<String> {
    if !has_unspaced(text) {
        return None;
    }
    let mut out = String::with_capacity(text.len() * 6);
    for piece in pieces(text) {
        match piece {
            Piece::Other(other) => out.push_str(&other),
            Piece::Run(run) => {
                for start in 0..run.len() {
                    out.push(' ');
                    push_word(&mut out, &run[start..run.len().min(start + 2)]);
                }
                out.push(' ');
            }
        }
    }
    Some(out)
}

/// A run as a phrase of the full-text query language: found wherever its signs follow each other.
pub fn phrase(run: &[char]) -> String {
    let mut phrase = String::from("\"");
    if let [one] = run {
        push_word(&mut phrase, &[*one]);
        // Whatever pair begins with it, or it alone at the end.
        phrase.push_str("\"*");
        return phrase;
    }
    for pair in run.windows(2) {
        push_word(&mut phrase, pair);
        phrase.push(' ');
    }
    phrase.push('"');
    phrase
}

/// Signs as a word that the tokenizer neither splits nor stems: their numbers, all of one length.
fn push_word(out: &mut String, signs: &[char]) {
    out.push('u');
    for sign in signs {
        // Writing to a String cannot fail.
        let _ = write!(out, "{:06}", u32::from(*sign));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_with_spaces_is_left_to_the_first_table() {
        assert_eq!(for_table("plain words, élan, привет, שלום, नमस्ते 👍"), None);
    }

    #[test]
    fn every_part_of_a_run_is_found_and_nothing_else() {
        let conn = rusqlite::Connection::open_in_memory().expect("opens");
        conn.execute_batch("CREATE VIRTUAL TABLE t USING fts5(body, tokenize=porter)")
            .expect("made");
        let texts = [
            "今天天气很好,deploy了新版本",
            "ภาษาไทยไม่มีช่องว่าง",
            "회의는 내일입니다",
            "カタカナとひらがな",
            "天",
            "天候",
        ];
        for text in texts {
            conn.execute(
                "INSERT INTO t (body) VALUES (?1)",
                [for_table(text).expect("of such a script")],
            )
            .expect("stored");
        }
        let found = |run: &str| {
            let run = run.chars().collect::<Vec<_>>();
            let mut statement =
                conn.prepare("SELECT rowid FROM t WHERE t MATCH ?1 ORDER BY rowid").expect("valid");
            let rows = statement.query_map([phrase(&run)], |row| row.get(0)).expect("read");
            rows.collect::<Result<Vec<usize>, _>>().expect("read")
        };
        for (number, text) in texts.iter().enumerate() {
            for piece in pieces(text) {
                let Piece::Run(run) = piece else { continue };
                for start in 0..run.len() {
                    for end in start + 1..=run.len() {
                        let part = run[start..end].iter().collect::<String>();
                        let expected = (1..)
                            .zip(texts)
                            .filter(|(_, text)| text.contains(&part))
                            .map(|(id, _)| id)
                            .collect::<Vec<_>>();
                        assert!(expected.contains(&(number + 1)));
                        assert_eq!(found(&part), expected, "{part}");
                    }
                }
            }
        }
        assert_eq!(found("天很"), Vec::<usize>::new());
    }
}
