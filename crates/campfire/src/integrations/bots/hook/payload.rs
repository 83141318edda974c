//! Converts payloads of Slack's incoming webhooks: `text`, `blocks` and `attachments`. The sender's
//! name and icon are ignored, because the bot is the author.

use serde_json::Value;

use super::HookError;
use super::inline::Dialect;
use super::lines;
use super::markup::{Markup, Tag, is_link};

/// Slack's limits.
const MAX_BLOCKS: usize = 50;
const MAX_ATTACHMENTS: usize = 100;

/// Converts a payload to the HTML of a message.
pub fn convert(payload: &Value) -> Result<String, HookError> {
    if !payload.is_object() {
        return Err(HookError::InvalidPayload);
    }
    let text = match &payload["text"] {
        Value::Null => "",
        Value::String(text) => text,
        _ => return Err(HookError::InvalidPayload),
    };
    let mut out = Markup::default();
    for block in
        list(&payload["blocks"], MAX_BLOCKS, HookError::InvalidBlocks, HookError::InvalidBlocks)?
    {
        write_block(block, &mut out);
    }
    // With blocks that have content, Slack uses the text only in notifications.
    if !out.has_content() {
        lines::write(
            text,
            if payload["mrkdwn"] == false { Dialect::Plain } else { Dialect::Mrkdwn },
            &mut out,
        );
    }
    for attachment in list(
        &payload["attachments"],
        MAX_ATTACHMENTS,
        HookError::InvalidAttachments,
        HookError::TooManyAttachments,
    )? {
        write_attachment(attachment, &mut out)?;
    }
    if out.is_empty() { Err(HookError::NoText) } else { Ok(out.into_string()) }
}

fn list(
    value: &Value,
    most: usize,
    wrong: HookError,
    too_many: HookError,
) -> Result<&[Value], HookError> {
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

/// The content of a text object.
fn text_of(object: &Value) -> Option<(&str, Dialect)> {
    let text = string(object, "text")?;
    Some((text, if object["type"] == "mrkdwn" { Dialect::Mrkdwn } else { Dialect::Plain }))
}

/// Writes a layout block. Unknown and interactive ones are left out.
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
            let texts = elements.iter().filter_map(|element| {
                text_of(element).or(string(element, "alt_text").map(|text| (text, Dialect::Plain)))
            });
            texts.for_each(|(text, dialect)| lines::write(text, dialect, out));
        }
        "divider" => out.rule(),
        "markdown" => {
            if let Some(text) = string(block, "text") {
                lines::write(text, Dialect::Markdown, out);
            }
        }
        "image" => image(block, out),
        _ => {}
    }
}

/// Writes a link instead of an image, so that readers do not load files from other sites.
fn image(block: &Value, out: &mut Markup) {
    let Some(address) = string(block, "image_url").filter(|address| is_link(address)) else {
        return;
    };
    let label = text_of(&block["title"])
        .map(|(text, _)| text)
        .or(string(block, "title"))
        .or(string(block, "alt_text"))
        .unwrap_or(address);
    out.element(Tag::Paragraph, |out| out.link(address, label));
}

/// Writes an attachment, Slack's older layout: an introduction, and a quote with title, text and
/// fields.
fn write_attachment(attachment: &Value, out: &mut Markup) -> Result<(), HookError> {
    let blocks = list(
        &attachment["blocks"],
        MAX_BLOCKS,
        HookError::InvalidBlocks,
        HookError::InvalidBlocks,
    )?;
    if let Some(pretext) = string(attachment, "pretext") {
        lines::write(pretext, Dialect::Mrkdwn, out);
    }
    let mut inside = Markup::default();
    bold_line(attachment, "author_name", "author_link", &mut inside);
    bold_line(attachment, "title", "title_link", &mut inside);
    if let Some(text) = string(attachment, "text") {
        lines::write(text, Dialect::Mrkdwn, &mut inside);
    }
    for field in attachment["fields"].as_array().map(Vec::as_slice).unwrap_or_default() {
        bold_line(field, "title", "", &mut inside);
        if let Some(text) = string(field, "value") {
            lines::write(text, Dialect::Mrkdwn, &mut inside);
        }
    }
    blocks.iter().for_each(|block| write_block(block, &mut inside));
    image(attachment, &mut inside);
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

/// Writes a bold line, with a link if there is one.
fn bold_line(value: &Value, key: &str, link: &str, out: &mut Markup) {
    let Some(text) = string(value, key) else { return };
    let href = string(value, link).filter(|href| is_link(href));
    out.element(Tag::Paragraph, |out| {
        out.element(Tag::Strong, |out| match href {
            Some(href) => out.link(href, text.trim()),
            None => out.text(text.trim()),
        });
    });
}
