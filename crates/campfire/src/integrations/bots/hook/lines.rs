//! Converts texts of several lines: fenced code, quotes, headings, rules and paragraphs.

use super::inline::{Dialect, unescape, write as write_line};
use super::markup::{Markup, Tag};

const FENCE: &str = "```";

pub fn write(text: &str, dialect: Dialect, out: &mut Markup) {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut rest = text.as_str();
    while dialect != Dialect::Plain
        && let Some((before, code, after)) = fenced(rest)
    {
        prose(before.strip_suffix('\n').unwrap_or(before), dialect, out);
        let code = if dialect == Dialect::Markdown { without_language(code) } else { code };
        let code = code.strip_prefix('\n').unwrap_or(code);
        let code = unescape(code.strip_suffix('\n').unwrap_or(code));
        out.element(Tag::Preformatted, |out| out.text(&code));
        rest = after.strip_prefix('\n').unwrap_or(after);
    }
    prose(rest, dialect, out);
}

/// The text before, between and after the first two fences.
fn fenced(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once(FENCE)?;
    let (code, after) = rest.split_once(FENCE)?;
    (!code.trim().is_empty()).then_some((before, code, after))
}

/// Removes the language that Markdown has after the first fence.
fn without_language(code: &str) -> &str {
    match code.split_once('\n') {
        Some((language, rest))
            if !language.is_empty() && !language.contains(char::is_whitespace) =>
        {
            rest
        }
        _ => code,
    }
}

#[derive(PartialEq, Eq, Clone, Copy)]
enum Kind {
    Plain,
    Quoted,
    Heading,
    Rule,
}

/// Writes text without fenced code; adjacent lines of one kind form a block.
fn prose(text: &str, dialect: Dialect, out: &mut Markup) {
    let mut all_quoted = false;
    let mut lines: Vec<(Kind, &str)> = Vec::new();
    for line in text.split('\n') {
        lines.push(match quoted(line, dialect) {
            _ if all_quoted => (Kind::Quoted, line),
            Some((rest, to_the_end)) => {
                all_quoted = to_the_end;
                (Kind::Quoted, rest)
            }
            None => unquoted(line, dialect),
        });
    }
    for group in lines
        .chunk_by(|(one, _), (other, _)| one == other && !matches!(one, Kind::Heading | Kind::Rule))
    {
        let is_blank = |(_, line): &(Kind, &str)| line.trim().is_empty();
        let Some(first) = group.iter().position(|line| !is_blank(line)) else { continue };
        let last = group.iter().rposition(|line| !is_blank(line)).unwrap_or(first);
        let tag = match group[first].0 {
            Kind::Plain => Tag::Paragraph,
            Kind::Quoted => Tag::Quote,
            Kind::Heading => Tag::Heading,
            Kind::Rule => {
                out.rule();
                continue;
            }
        };
        out.element(tag, |out| {
            for (index, (_, line)) in group[first..=last].iter().enumerate() {
                if index > 0 {
                    out.line_break();
                }
                write_line(line, dialect, out);
            }
        });
    }
}

/// The quoted text of a line, and whether all following lines are quoted too (`>>>`).
fn quoted(line: &str, dialect: Dialect) -> Option<(&str, bool)> {
    let marker = |line: &'_ str| -> Option<usize> {
        ["&gt;", ">"].into_iter().find(|marker| line.starts_with(marker)).map(str::len)
    };
    if dialect == Dialect::Plain {
        return None;
    }
    let rest = &line[marker(line)?..];
    let third = marker(rest).and_then(|length| Some(&rest[length..][marker(&rest[length..])?..]));
    let (rest, to_the_end) =
        third.filter(|_| dialect == Dialect::Mrkdwn).map_or((rest, false), |rest| (rest, true));
    Some((rest.strip_prefix(' ').unwrap_or(rest), to_the_end))
}

/// Recognizes headings and rules, which only Markdown has.
fn unquoted(line: &str, dialect: Dialect) -> (Kind, &str) {
    if dialect != Dialect::Markdown {
        return (Kind::Plain, line);
    }
    let title = line.trim_start_matches('#');
    let level = line.len() - title.len();
    match title.strip_prefix(' ') {
        Some(title) if (1..=6).contains(&level) && !title.trim().is_empty() => {
            (Kind::Heading, title.trim())
        }
        _ if matches!(line.trim_end(), "---" | "***" | "___") => (Kind::Rule, line),
        _ => (Kind::Plain, line),
    }
}
