//! What must hold for the outputs of every body. It is checked independently of the crate's code:
//! html5ever parses each output into its reference tree, which is compared with the lists in this
//! file.

use html5ever::tendril::TendrilSink;
use html5ever::{ParseOpts, QualName, local_name, ns, parse_fragment};
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use rich_text::{Body, canonicalize, from_plain_text, is_blank, mentions, plain_text, render};

use crate::people::People;

/// Allowed elements.
const ELEMENTS: &str = "a abbr acronym address b big blockquote br caption cite code dd del dfn div dl dt em h1 h2 h3 h4 h5 h6 hr i img \
    ins kbd li mark ol p pre q s samp small span strong sub sup table tbody td tfoot th thead time tr tt u ul var wbr";

/// Allowed attributes.
const ATTRIBUTES: &str =
    "abbr alt cite class colspan data-user-id datetime href lang loading rowspan src title";

/// Allowed classes, all of them ours.
const CLASSES: [&str; 8] = [
    "mention",
    "mention__avatar",
    "embed",
    "embed embed--avatar",
    "embed__title",
    "embed__description",
    "embed__image",
    "picture",
];

/// Allowed URL schemes.
const SCHEMES: &str = "ed2k ftp http https irc ircs mailto news gopher nntp telnet webcal xmpp callto feed svn urn aim rsync tag ssh \
    sftp rtsp afs file tel sms";

/// Differences for API clients: Rails' safe list, and the elements of attachments.
const FOR_PROGRAMS: &str = "action-text-attachment figure figcaption";
const NOT_FOR_PROGRAMS: &str = "caption q s table tbody td tfoot th thead tr u wbr";
const ATTRIBUTES_FOR_PROGRAMS: &str =
    "abbr alt cite class datetime height href lang loading name src title width xml:lang";
const ATTRIBUTES_OF_ATTACHMENTS: &str = "sgid content-type url href filename filesize width height previewable presentation caption content";

/// Who receives the markup.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    Readers,
    Editors,
    Programs,
}

/// Void elements among those above.
const VOID: [&str; 4] = ["br", "hr", "img", "wbr"];

/// Checks all outputs of a body.
///
/// # Errors
/// A description of the violated invariant.
pub fn check(body: &str) -> Result<(), String> {
    let canonical = canonicalize(body);
    // Each character may become six (`&quot;`), and reopened elements may take three times their
    // length, plus a constant.
    let most = 18 * body.len() + 128 * 1024;
    ensure(canonical.as_str().len() <= most, || {
        format!("{} bytes become {}", body.len(), canonical.as_str().len())
    })?;
    for (way, html) in [
        ("as it is", body),
        ("canonical", canonical.as_str()),
        ("as text", from_plain_text(body).as_str()),
    ] {
        let rendered = render(html, &People);
        harmless(&rendered, Audience::Readers)
            .map_err(|problem| format!("{way}: {problem}\n→ {rendered:?}"))?;
        // Rendered output with our own classes is not stable, because bodies may not use them.
        if !rendered.contains(" class=\"") {
            let again = render(&rendered, &People);
            ensure(again == rendered, || {
                format!("{way}: rendering it again changes it\n→ {rendered:?}\n→ {again:?}")
            })?;
        }
        let source = Body::parse(html).editor_source(&People);
        harmless(&source, Audience::Editors)
            .map_err(|problem| format!("{way}, for the editor: {problem}\n→ {source:?}"))?;
        let programs = Body::parse(html).render_for_programs(&People);
        harmless(&programs, Audience::Programs)
            .map_err(|problem| format!("{way}, for programs: {problem}\n→ {programs:?}"))?;
        let text = plain_text(html, &People);
        ensure(!text.ends_with('\n'), || {
            format!("{way}: the text {text:?} ends with a line break")
        })?;
        Body::parse(html).reply_to();
        is_blank(html);
    }
    both_parsers_agree(body)?;
    both_parsers_agree(canonical.as_str())
}

/// A leading comment has no meaning, but makes the strict parser reject the body.
fn both_parsers_agree(html: &str) -> Result<(), String> {
    let commented = format!("<!---->{html}");
    let outcome = |html: &str| {
        (
            render(html, &People),
            plain_text(html, &People),
            mentions(html),
            canonicalize(html),
            Body::parse(html).reply_to(),
        )
    };
    let (quick, slow) = (outcome(html), outcome(&commented));
    // Bodies beyond the limits are shown with the comment.
    ensure(quick == slow || slow.0.starts_with("&lt;!--"), || {
        format!("the parsers differ\n→ {quick:?}\n→ {slow:?}")
    })
}

fn ensure(holds: bool, problem: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(problem()) }
}

/// Checks that markup contains only what is allowed, and that a browser reads exactly what is
/// written.
pub fn harmless(html: &str, audience: Audience) -> Result<(), String> {
    let lower = html.to_ascii_lowercase();
    ensure(!lower.contains("<script") && !lower.contains("<style"), || "a script or style".into())?;
    let context = QualName::new(None, ns!(html), local_name!("div"));
    let mut options = ParseOpts::default();
    // Browsers remove a byte order mark from documents, but not from markup inserted by scripts.
    options.tokenizer.discard_bom = false;
    let dom = parse_fragment(RcDom::default(), options, context, vec![], true).one(html);
    let root = dom.document.children.borrow()[0].clone();
    let mut again = String::new();
    for child in root.children.borrow().iter() {
        check_node(child, audience, &mut again)?;
    }
    ensure(again == html, || format!("a browser reads it differently\n→ {again:?}"))
}

/// Checks a node and serializes it again.
fn check_node(node: &Handle, audience: Audience, out: &mut String) -> Result<(), String> {
    let (name, attrs) = match &node.data {
        NodeData::Text { contents } => {
            write_escaped(&contents.borrow(), false, out);
            return Ok(());
        }
        NodeData::Element { name, attrs, .. } => (name, attrs.borrow()),
        other => return Err(format!("{other:?}")),
    };
    let tag = &*name.local;
    let is_figure = audience == Audience::Editors && tag == "figure";
    let is_in = |list: &str| list.split_whitespace().any(|known| known == tag);
    let is_known = match audience {
        Audience::Programs => is_in(ELEMENTS) && !is_in(NOT_FOR_PROGRAMS) || is_in(FOR_PROGRAMS),
        Audience::Readers | Audience::Editors => is_in(ELEMENTS) || is_figure,
    };
    ensure(name.ns == ns!(html) && is_known, || format!("<{tag}>"))?;
    out.push('<');
    out.push_str(tag);
    for attribute in attrs.iter() {
        let (key, value) = (&*attribute.name.local, &*attribute.value);
        if is_figure {
            figure(key, value)?;
        } else if audience == Audience::Programs {
            allowed_for_programs(tag, key, value)
                .map_err(|problem| format!("<{tag} {key}={value:?}>: {problem}"))?;
        } else {
            allowed(tag, key, value)
                .map_err(|problem| format!("<{tag} {key}={value:?}>: {problem}"))?;
        }
        out.push_str(&format!(" {key}=\""));
        write_escaped(value, true, out);
        out.push('"');
    }
    out.push('>');
    if VOID.contains(&tag) {
        return Ok(());
    }
    let children = node.children.borrow();
    if tag == "pre"
        && matches!(children.first().map(|first| &first.data), Some(NodeData::Text { contents }) if contents.borrow().starts_with('\n'))
    {
        out.push('\n');
    }
    for child in children.iter() {
        ensure(tag != "a" || !has_link(child), || "a link in a link".into())?;
        check_node(child, audience, out)?;
    }
    out.push_str(&format!("</{tag}>"));
    Ok(())
}

fn has_link(node: &Handle) -> bool {
    let is_link = matches!(&node.data, NodeData::Element { name, .. } if &*name.local == "a");
    is_link || node.children.borrow().iter().any(has_link)
}

fn allowed(tag: &str, key: &str, value: &str) -> Result<(), String> {
    ensure(ATTRIBUTES.split_whitespace().any(|known| known == key), || "the attribute".into())?;
    let good = match key {
        "class" => CLASSES.contains(&value),
        "href" | "cite" => is_safe(value),
        "src" => value == "/users/x/avatar" || value.starts_with("/pictures/https://"),
        "colspan" | "rowspan" => {
            matches!(tag, "td" | "th")
                && value.parse::<u16>().is_ok_and(|span| (2..=100).contains(&span))
        }
        "data-user-id" => tag == "a" && value == "1",
        _ => true,
    };
    ensure(good, || "the value".into())
}

fn allowed_for_programs(tag: &str, key: &str, value: &str) -> Result<(), String> {
    let is_in = |list: &str| list.split_whitespace().any(|known| known == key);
    let is_listed = is_in(ATTRIBUTES_FOR_PROGRAMS)
        || tag == "action-text-attachment" && is_in(ATTRIBUTES_OF_ATTACHMENTS);
    ensure(is_listed, || "the attribute".into())?;
    ensure(!matches!(key, "cite" | "href" | "src" | "url") || is_safe(value), || "the value".into())
}

/// Reads URLs as browsers do: they ignore leading controls and spaces, and line breaks and tabs
/// anywhere.
fn is_safe(address: &str) -> bool {
    let seen: String = address
        .trim_start_matches(|c| c <= ' ')
        .chars()
        .filter(|c| !matches!(c, '\t' | '\n' | '\r'))
        .collect();
    let Some((scheme, _)) = seen.split_once(':') else { return true };
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    !is_scheme || SCHEMES.split_whitespace().any(|known| scheme.eq_ignore_ascii_case(known))
}

/// Checks a figure for the editor.
fn figure(key: &str, value: &str) -> Result<(), String> {
    ensure(matches!(key, "data-trix-attachment" | "data-trix-attributes"), || {
        format!("<figure {key}>")
    })?;
    let data: serde_json::Value =
        serde_json::from_str(value).map_err(|error| format!("{key}: {error}"))?;
    for address in ["url", "href"].iter().filter_map(|name| data[name].as_str()) {
        ensure(is_safe(address), || format!("{key}: {address:?}"))?;
    }
    data["content"].as_str().map_or(Ok(()), |content| harmless(content, Audience::Editors))
}

fn write_escaped(text: &str, is_value: bool, out: &mut String) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\u{a0}' => out.push_str("&nbsp;"),
            '\r' => out.push_str("&#13;"),
            '"' if is_value => out.push_str("&quot;"),
            '\'' if is_value => out.push_str("&#39;"),
            '\n' if is_value => out.push_str("&#10;"),
            '\t' if is_value => out.push_str("&#9;"),
            other => out.push(other),
        }
    }
}
