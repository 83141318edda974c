//! What programs send to Slack's incoming webhooks, read with what of it means something here:
//! `text`, `blocks`, `attachments`. Who it says it is from, and its picture, mean nothing: a
//! message here is its bot's.

use serde_json::Value;

use super::Refusal;
use super::inline::Dialect;
use super::lines;
use super::markup::{Markup, Tag, is_link};

/// As many as Slack takes.
const MAX_BLOCKS: usize = 50;
const MAX_ATTACHMENTS: usize = 100;

/// The payload as the markup of a message.
///
/// # Errors
/// See [`Refusal`].
pub fn convert(payload: &Value) -> Result<String, Refusal> {
    if !payload.is_object() {
        return Err(Refusal::InvalidPayload);
    }
    let text = match &payload["text"] {
        Value::Null => "",
        Value::String(text) => text,
        _ => return Err(Refusal::InvalidPayload),
    };
    let mut out = Markup::default();
    for block in
        list(&payload["blocks"], MAX_BLOCKS, Refusal::InvalidBlocks, Refusal::InvalidBlocks)?
    {
        write_block(block, &mut out);
    }
    // Beside blocks that say something the text is for notifications only.
    if !out.has_words() {
        lines::write(
            text,
            if payload["mrkdwn"] == false { Dialect::Plain } else { Dialect::Mrkdwn },
            &mut out,
        );
    }
    for attachment in list(
        &payload["attachments"],
        MAX_ATTACHMENTS,
        Refusal::InvalidAttachments,
        Refusal::TooManyAttachments,
    )? {
        write_attachment(attachment, &mut out)?;
    }
    if out.is_empty() { Err(Refusal::NoText) } else { Ok(out.into_string()) }
}

fn list(
    value: &Value,
    most: usize,
    wrong: Refusal,
    too_many: Refusal,
) -> Result<&[Value], Refusal> {
    match value {
        Value::Null => Ok(&[]),
        Value::Array(list) if list.len() > most => Err(too_many),
        Value::Array(list) if list.iter().all(Value::is_object) => Ok(list),
        _ => Err(wrong),
    }
}

fn string<'v>(value: &'v Value, key: &str) -> Option<&'v str> {
    value[key].as_str().filter(|text| !text.trim().is_empty())
}

/// A text object, or nothing.
fn text_of(object: &Value) -> Option<(&str, Dialect)> {
    let text = string(object, "text")?;
    Some((text, if object["type"] == "mrkdwn" { Dialect::Mrkdwn } else { Dialect::Plain }))
}

/// A layout block. What is not known, and what one can press, is left out.
fn write_block(block: &Value, out: &mut Markup) {
    match block["type"].as_str().unwrap_or_default() {
        "header" => {
            if let Some((text, _)) = text_of(&block["text"]) {
                out.element(Tag::Heading, |out| out.text(text.trim()));
            }
        }
        "section" => {
            let fields = block["fields"].as_array().map(Vec::as_slice).unwrap_or_default();
            for (text, dialect) in [&block["text"]].into_iter().chain(fields).filter_map(text_of) {
                lines::write(text, dialect, out);
            }
        }
        "context" => {
            let elements = block["elements"].as_array().map(Vec::as_slice).unwrap_or_default();
            let words = elements.iter().filter_map(|element| {
                text_of(element).or(string(element, "alt_text").map(|text| (text, Dialect::Plain)))
            });
            words.for_each(|(text, dialect)| lines::write(text, dialect, out));
        }
        "divider" => out.rule(),
        "markdown" => {
            if let Some(text) = string(block, "text") {
                lines::write(text, Dialect::Markdown, out);
            }
        }
        "image" => picture(block, out),
        _ => {}
    }
}

/// A picture of another site is a link: readers do not call sites that they did not choose.
fn picture(block: &Value, out: &mut Markup) {
    let Some(address) = string(block, "image_url").filter(|address| is_link(address)) else {
        return;
    };
    let words = text_of(&block["title"])
        .map(|(text, _)| text)
        .or(string(block, "title"))
        .or(string(block, "alt_text"))
        .unwrap_or(address);
    out.element(Tag::Lines, |out| out.link(address, words));
}

/// An attachment, the older way to lay things out: a lead, and a quotation with a title, a text and
/// fields.
fn write_attachment(attachment: &Value, out: &mut Markup) -> Result<(), Refusal> {
    let blocks =
        list(&attachment["blocks"], MAX_BLOCKS, Refusal::InvalidBlocks, Refusal::InvalidBlocks)?;
    if let Some(lead) = string(attachment, "pretext") {
        lines::write(lead, Dialect::Mrkdwn, out);
    }
    let mut inside = Markup::default();
    headline(attachment, "author_name", "author_link", &mut inside);
    headline(attachment, "title", "title_link", &mut inside);
    if let Some(text) = string(attachment, "text") {
        lines::write(text, Dialect::Mrkdwn, &mut inside);
    }
    for field in attachment["fields"].as_array().map(Vec::as_slice).unwrap_or_default() {
        headline(field, "title", "", &mut inside);
        if let Some(text) = string(field, "value") {
            lines::write(text, Dialect::Mrkdwn, &mut inside);
        }
    }
    blocks.iter().for_each(|block| write_block(block, &mut inside));
    picture(attachment, &mut inside);
    if let Some(text) = string(attachment, "footer") {
        lines::write(text, Dialect::Plain, &mut inside);
    }
    if inside.is_empty() && string(attachment, "pretext").is_none() {
        lines::write(
            string(attachment, "fallback").unwrap_or_default(),
            Dialect::Plain,
            &mut inside,
        );
    }
    if !inside.is_empty() {
        out.quote(inside);
    }
    Ok(())
}

/// A line in bold, with a link if there is one.
fn headline(value: &Value, key: &str, link: &str, out: &mut Markup) {
    let Some(text) = string(value, key) else { return };
    let href = string(value, link).filter(|href| is_link(href));
    out.element(Tag::Lines, |out| {
        out.element(Tag::Strong, |out| match href {
            Some(href) => out.link(href, text.trim()),
            None => out.text(text.trim()),
        });
    });
}
