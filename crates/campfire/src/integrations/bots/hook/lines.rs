//! Texts of several lines: code between fences, quoted lines, and the rest.

use super::inline::{Dialect, decoded, write as write_line};
use super::markup::{Markup, Tag};

/// What code of several lines begins and ends with.
const FENCE: &str = "```";

/// Writes a text.
pub fn write(text: &str, dialect: Dialect, out: &mut Markup) {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut rest = text.as_str();
    while dialect != Dialect::Plain
        && let Some((before, code, after)) = fenced(rest)
    {
        prose(before.strip_suffix('\n').unwrap_or(before), dialect, out);
        let code = if dialect == Dialect::Markdown { without_language(code) } else { code };
        let code = code.strip_prefix('\n').unwrap_or(code);
        let code = decoded(code.strip_suffix('\n').unwrap_or(code));
        out.element(Tag::Preformatted, |out| out.text(&code));
        rest = after.strip_prefix('\n').unwrap_or(after);
    }
    prose(rest, dialect, out);
}

/// What is before, between and after the first two fences.
fn fenced(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once(FENCE)?;
    let (code, after) = rest.split_once(FENCE)?;
    (!code.trim().is_empty()).then_some((before, code, after))
}

/// Markdown names the language behind the first fence.
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

/// Lines without code between fences; neighbours of one kind belong together.
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
            Kind::Plain => Tag::Lines,
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

/// What is quoted in a line, and whether everything after it is too.
fn quoted(line: &str, dialect: Dialect) -> Option<(&str, bool)> {
    let sign = |line: &'_ str| -> Option<usize> {
        ["&gt;", ">"].into_iter().find(|sign| line.starts_with(sign)).map(str::len)
    };
    if dialect == Dialect::Plain {
        return None;
    }
    let rest = &line[sign(line)?..];
    let third = sign(rest).and_then(|length| Some(&rest[length..][sign(&rest[length..])?..]));
    let (rest, to_the_end) =
        third.filter(|_| dialect == Dialect::Mrkdwn).map_or((rest, false), |rest| (rest, true));
    Some((rest.strip_prefix(' ').unwrap_or(rest), to_the_end))
}

/// Headings and rules are Markdown's.
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
