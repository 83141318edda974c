//! What is in a line: bold, italic, struck out, code and links, as Slack's mrkdwn and as Markdown
//! spell them. Every character is looked at a bounded number of times, whatever the line is.

use super::markup::{Markup, Tag, is_link};

/// How formatting is spelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// `*bold* _italic_ ~strike~ <url|text>`.
    Mrkdwn,
    /// `**bold** *italic* ~~strike~~ [text](url)`.
    Markdown,
    /// Not at all.
    Plain,
}

/// Bytes of an address and its text at most.
const MAX_LINK: usize = 4096;

enum Token {
    Character(char),
    Mark(Tag, &'static str),
    Code(Box<str>),
    /// Words in which no mark means anything.
    Words(Box<str>),
    /// An address and its text.
    Link(Box<(String, String)>),
}

/// Writes a line.
pub fn write(line: &str, dialect: Dialect, out: &mut Markup) {
    if dialect == Dialect::Plain {
        return out.text(line);
    }
    format(&tokens(line, dialect), &[], out);
}

/// Slack escapes three characters; a text may hold them either way.
pub fn decoded(text: &str) -> String {
    // The ampersand last, so that what it begins is not read twice.
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

fn tokens(line: &str, dialect: Dialect) -> Vec<Token> {
    let mut tokens = Vec::with_capacity(line.len());
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let (token, length) =
            special(rest, first, dialect).unwrap_or((Token::Character(first), first.len_utf8()));
        tokens.push(token);
        rest = &rest[length..];
    }
    tokens
}

/// What begins here, if it is something else than the character, and how many bytes it has.
fn special(rest: &str, first: char, dialect: Dialect) -> Option<(Token, usize)> {
    match (first, dialect) {
        ('&', _) => [("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>')]
            .into_iter()
            .find(|(escape, _)| rest.starts_with(escape))
            .map(|(escape, character)| (Token::Character(character), escape.len())),
        ('`', _) => {
            let length = rest[1..].find('`').filter(|length| *length > 0)?;
            Some((Token::Code(decoded(&rest[1..=length]).into()), length + 2))
        }
        ('<', _) => {
            let end = 1 + rest[1..].find(['<', '>']).filter(|length| *length <= MAX_LINK)?;
            let inside = rest[1..end].trim();
            (rest.as_bytes()[end] == b'>')
                .then(|| reference(inside))
                .flatten()
                .map(|token| (token, end + 1))
        }
        ('[', Dialect::Markdown) => markdown_link(rest),
        ('\\', Dialect::Markdown) => {
            let escaped = rest[1..].chars().next().filter(char::is_ascii_punctuation)?;
            Some((Token::Character(escaped), 2))
        }
        (_, Dialect::Mrkdwn) => match first {
            '*' => Some((Token::Mark(Tag::Strong, "*"), 1)),
            '_' => Some((Token::Mark(Tag::Emphasis, "_"), 1)),
            '~' => Some((Token::Mark(Tag::Strike, "~"), 1)),
            _ => None,
        },
        (_, _) => {
            const MARKS: [(Tag, &str); 5] = [
                (Tag::Strong, "**"),
                (Tag::Strong, "__"),
                (Tag::Strike, "~~"),
                (Tag::Emphasis, "*"),
                (Tag::Emphasis, "_"),
            ];
            let found = MARKS.into_iter().find(|(_, mark)| rest.starts_with(mark));
            found.map(|(tag, mark)| (Token::Mark(tag, mark), mark.len()))
        }
    }
}

/// What stands between angle brackets: an address with or without a text, or somebody or something
/// of Slack's, of which only the words mean anything here.
fn reference(inside: &str) -> Option<Token> {
    let (target, label) =
        inside.split_once('|').map_or((inside, None), |(target, label)| (target, Some(label)));
    let label = label.map(decoded).filter(|label| !label.trim().is_empty());
    let target = decoded(target);
    let words = match target.chars().next()? {
        '@' => label.map_or(target.clone(), |label| format!("@{}", label.trim_start_matches('@'))),
        '#' => label.map_or(target.clone(), |label| format!("#{}", label.trim_start_matches('#'))),
        '!' => label.unwrap_or_else(|| format!("@{}", &target[1..])),
        _ if is_link(&target) => {
            let label = label
                .unwrap_or_else(|| target.strip_prefix("mailto:").unwrap_or(&target).to_owned());
            return Some(Token::Link(Box::new((target, label))));
        }
        _ => return None,
    };
    Some(Token::Words(words.into()))
}

/// `[text](url)`.
fn markdown_link(rest: &str) -> Option<(Token, usize)> {
    let label = rest[1..].find(['[', ']']).filter(|length| *length <= MAX_LINK)?;
    let address = rest[1 + label..].strip_prefix("](")?;
    let length = address
        .find(|c: char| c == ')' || c == '(' || c.is_whitespace())
        .filter(|length| *length <= MAX_LINK)?;
    let href = decoded(&address[..length]);
    let is_complete = address.as_bytes()[length] == b')' && is_link(&href) && label > 0;
    is_complete
        .then(|| (Token::Link(Box::new((href, decoded(&rest[1..=label])))), label + length + 4))
}

/// Writes tokens; the marks in `around` are open and mean nothing more inside.
fn format(tokens: &[Token], around: &[Tag], out: &mut Markup) {
    let mut unclosed: Vec<&str> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        match &tokens[at] {
            Token::Character(character) => out.character(*character),
            Token::Code(code) => out.element(Tag::Code, |out| out.text(code)),
            Token::Words(words) => out.text(words),
            Token::Link(link) => out.link(&link.0, &link.1),
            Token::Mark(tag, mark) => {
                let may_open =
                    !around.contains(tag) && !unclosed.contains(mark) && opens(tokens, at, mark);
                match may_open.then(|| closing(tokens, at, mark)) {
                    Some(Some(end)) => {
                        let inner = [around, &[*tag]].concat();
                        out.element(*tag, |out| format(&tokens[at + 1..end], &inner, out));
                        at = end;
                    }
                    // What is not closed for this one is not for any later one.
                    Some(None) => {
                        unclosed.push(mark);
                        out.text(mark);
                    }
                    None => out.text(mark),
                }
            }
        }
        at += 1;
    }
}

/// A mark opens at the beginning of a word.
fn opens(tokens: &[Token], at: usize, mark: &str) -> bool {
    let after_word = at.checked_sub(1).is_some_and(|before| is_word(&tokens[before]));
    let before_something =
        tokens.get(at + 1).is_some_and(|next| !is_space(next) && !is_mark(next, mark));
    !after_word && before_something
}

/// The next mark at the end of a word.
fn closing(tokens: &[Token], from: usize, mark: &str) -> Option<usize> {
    (from + 2..tokens.len()).find(|at| {
        is_mark(&tokens[*at], mark)
            && !is_space(&tokens[at - 1])
            && !tokens.get(at + 1).is_some_and(is_word)
    })
}

fn is_mark(token: &Token, mark: &str) -> bool {
    matches!(token, Token::Mark(_, found) if *found == mark)
}

fn is_word(token: &Token) -> bool {
    matches!(token, Token::Character(character) if character.is_alphanumeric())
}

fn is_space(token: &Token) -> bool {
    matches!(token, Token::Character(character) if character.is_whitespace())
}
