//! Converts the formatting within a line: bold, italic, strikethrough, code and links, in Slack's
//! mrkdwn and in Markdown. Takes linear time for every input.

use super::markup::{Markup, Tag, is_link};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// `*bold* _italic_ ~strike~ <url|text>`.
    Mrkdwn,
    /// `**bold** *italic* ~~strike~~ [text](url)`.
    Markdown,
    /// No formatting.
    Plain,
}

/// The longest URL or label of a link, in bytes.
const MAX_LINK: usize = 4096;

enum Token {
    Character(char),
    Mark(Tag, &'static str),
    Code(Box<str>),
    /// Text in which delimiters have no meaning.
    Literal(Box<str>),
    /// A URL and its label.
    Link(Box<(String, String)>),
}

/// Writes a line.
pub fn write(line: &str, dialect: Dialect, out: &mut Markup) {
    if dialect == Dialect::Plain {
        return out.text(line);
    }
    format(&tokens(line, dialect), &[], out);
}

/// Decodes the three characters that Slack escapes.
pub fn unescape(text: &str) -> String {
    // The ampersand last, so that nothing is decoded twice.
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

/// The token that starts here and its length in bytes, unless it is a plain character.
fn special(rest: &str, first: char, dialect: Dialect) -> Option<(Token, usize)> {
    match (first, dialect) {
        ('&', _) => [("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>')]
            .into_iter()
            .find(|(escape, _)| rest.starts_with(escape))
            .map(|(escape, character)| (Token::Character(character), escape.len())),
        ('`', _) => {
            let length = rest[1..].find('`').filter(|length| *length > 0)?;
            Some((Token::Code(unescape(&rest[1..=length]).into()), length + 2))
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

/// Parses what is between angle brackets: a URL with or without a label, or a reference to a Slack
/// user, channel or command, which becomes text.
fn reference(inside: &str) -> Option<Token> {
    let (target, label) =
        inside.split_once('|').map_or((inside, None), |(target, label)| (target, Some(label)));
    let label = label.map(unescape).filter(|label| !label.trim().is_empty());
    let target = unescape(target);
    let text = match target.chars().next()? {
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
    Some(Token::Literal(text.into()))
}

/// `[text](url)`.
fn markdown_link(rest: &str) -> Option<(Token, usize)> {
    let label = rest[1..].find(['[', ']']).filter(|length| *length <= MAX_LINK)?;
    let address = rest[1 + label..].strip_prefix("](")?;
    let length = address
        .find(|c: char| c == ')' || c == '(' || c.is_whitespace())
        .filter(|length| *length <= MAX_LINK)?;
    let href = unescape(&address[..length]);
    let is_complete = address.as_bytes()[length] == b')' && is_link(&href) && label > 0;
    is_complete
        .then(|| (Token::Link(Box::new((href, unescape(&rest[1..=label])))), label + length + 4))
}

/// Writes tokens. The tags in `around` are open and cannot be nested again.
fn format(tokens: &[Token], around: &[Tag], out: &mut Markup) {
    let mut unclosed: Vec<&str> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        match &tokens[at] {
            Token::Character(character) => out.character(*character),
            Token::Code(code) => out.element(Tag::Code, |out| out.text(code)),
            Token::Literal(text) => out.text(text),
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
                    // If no delimiter closes this one, none closes a later one either.
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

/// Whether the delimiter can open an element: at the beginning of a word.
fn opens(tokens: &[Token], at: usize, mark: &str) -> bool {
    let after_word = at.checked_sub(1).is_some_and(|before| is_word(&tokens[before]));
    let before_something =
        tokens.get(at + 1).is_some_and(|next| !is_space(next) && !is_mark(next, mark));
    !after_word && before_something
}

/// The next delimiter at the end of a word.
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
