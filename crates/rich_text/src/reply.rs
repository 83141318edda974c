//! Recognizes replies: the client has put a quotation at the start of the message, followed by its
//! author with a link to the quoted message.

use crate::body::ReplyTo;
use crate::tree::{At, Data, Tree};

pub(crate) fn reply_to(tree: &Tree<'_>) -> Option<ReplyTo> {
    let is_space =
        |node: &At<'_, '_>| matches!(node.data(), Data::Text(text) if text.trim_ascii().is_empty());
    let mut nodes = tree.top().skip_while(is_space);
    nodes.next().filter(|node| node.is("blockquote"))?;
    let cite = nodes.find(|node| !is_space(node)).filter(|node| node.is("cite"))?;
    let mut links = cite
        .descendants()
        .filter(|element| element.is_html && element.name == "a")
        .filter_map(|link| link.get("href"));
    links.find_map(parse_href)
}

/// The message at a URL of the form `/rooms/R/@ID`.
fn parse_href(href: &str) -> Option<ReplyTo> {
    let path = match href.strip_prefix("https://").or_else(|| href.strip_prefix("http://")) {
        Some(rest) => &rest[rest.find('/')?..],
        None => href,
    };
    let path = &path[..path.find(['?', '#']).unwrap_or(path.len())];
    let (room, message) = path.strip_prefix("/rooms/")?.split_once("/@")?;
    Some(ReplyTo { room_id: parse_id(room)?, message_id: parse_id(message)? })
}

/// An ID as URLs contain it: digits only.
fn parse_id(text: &str) -> Option<i64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}
