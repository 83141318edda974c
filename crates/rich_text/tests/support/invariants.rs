//! What must be true of every body, whoever wrote it. Judged independently of the crate's own code:
//! what comes out is parsed by html5ever into its reference tree, and held against lists of this
//! file.

use html5ever::tendril::TendrilSink;
use html5ever::{ParseOpts, QualName, local_name, ns, parse_fragment};
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use rich_text::{Body, canonicalise, from_plain_text, is_blank, mentions, plain_text, render};

use crate::people::People;

/// Elements that may come out.
const ELEMENTS: &str = "a abbr acronym address b big blockquote br caption cite code dd del dfn div dl dt em h1 h2 h3 h4 h5 h6 hr i img \
    ins kbd li mark ol p pre q s samp small span strong sub sup table tbody td tfoot th thead time tr tt u ul var wbr";

/// Attributes that may come out.
const ATTRIBUTES: &str =
    "abbr alt cite class colspan data-user-id datetime href lang loading rowspan src title";

/// Classes that may come out: ours.
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

/// Schemes that may come out.
const SCHEMES: &str = "ed2k ftp http https irc ircs mailto news gopher nntp telnet webcal xmpp callto feed svn urn aim rsync tag ssh \
    sftp rtsp afs file tel sms";

/// What programs get may hold besides: Rails' safe list, and the elements of attachments.
const FOR_PROGRAMS: &str = "action-text-attachment figure figcaption";
const NOT_FOR_PROGRAMS: &str = "caption q s table tbody td tfoot th thead tr u wbr";
const ATTRIBUTES_FOR_PROGRAMS: &str =
    "abbr alt cite class datetime height href lang loading name src title width xml:lang";
const ATTRIBUTES_OF_ATTACHMENTS: &str = "sgid content-type url href filename filesize width height previewable presentation caption content";

/// Whom markup is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum For {
    Readers,
    Editors,
    Programs,
}

/// Elements without an end tag, of those above.
const VOID: [&str; 4] = ["br", "hr", "img", "wbr"];

/// Checks everything about a body; the error says what is wrong.
///
/// # Errors
/// When something that must be true is not.
pub fn check(body: &str) -> Result<(), String> {
    let canonical = canonicalise(body);
    // Every character may become six (`&quot;`), and what is opened again may be written three
    // times as often as it was, and some more.
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
        harmless(&rendered, For::Readers)
            .map_err(|problem| format!("{way}: {problem}\n→ {rendered:?}"))?;
        // Our own classes are not for others to write, so what has them is not rendered the same
        // again.
        if !rendered.contains(" class=\"") {
            let again = render(&rendered, &People);
            ensure(again == rendered, || {
                format!("{way}: rendered again it is another\n→ {rendered:?}\n→ {again:?}")
            })?;
        }
        let source = Body::parse(html).editor_source(&People);
        harmless(&source, For::Editors)
            .map_err(|problem| format!("{way}, for the editor: {problem}\n→ {source:?}"))?;
        let programs = Body::parse(html).render_for_programs(&People);
        harmless(&programs, For::Programs)
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

/// A comment at the beginning means nothing, but sends the body through html5ever whatever it is.
fn both_parsers_agree(html: &str) -> Result<(), String> {
    let commented = format!("<!---->{html}");
    let outcome = |html: &str| {
        (
            render(html, &People),
            plain_text(html, &People),
            mentions(html),
            canonicalise(html),
            Body::parse(html).reply_to(),
        )
    };
    let (quick, slow) = (outcome(html), outcome(&commented));
    // What cannot be parsed is shown with the comment.
    ensure(quick == slow || slow.0.starts_with("&lt;!--"), || {
        format!("the parsers differ\n→ {quick:?}\n→ {slow:?}")
    })
}

fn ensure(holds: bool, problem: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(problem()) }
}

/// Whether markup holds nothing but what may come out, and is read as exactly what is written.
pub fn harmless(html: &str, whom: For) -> Result<(), String> {
    let lower = html.to_ascii_lowercase();
    ensure(!lower.contains("<script") && !lower.contains("<style"), || "a script or style".into())?;
    let context = QualName::new(None, ns!(html), local_name!("div"));
    let mut options = ParseOpts::default();
    // Browsers drop a byte order mark from bytes, not from what scripts insert.
    options.tokenizer.discard_bom = false;
    let dom = parse_fragment(RcDom::default(), options, context, vec![], true).one(html);
    let root = dom.document.children.borrow()[0].clone();
    let mut again = String::new();
    for child in root.children.borrow().iter() {
        look(child, whom, &mut again)?;
    }
    ensure(again == html, || format!("a browser reads it otherwise\n→ {again:?}"))
}

/// Looks at a node and writes it again.
fn look(node: &Handle, whom: For, out: &mut String) -> Result<(), String> {
    let (name, attrs) = match &node.data {
        NodeData::Text { contents } => {
            write_escaped(&contents.borrow(), false, out);
            return Ok(());
        }
        NodeData::Element { name, attrs, .. } => (name, attrs.borrow()),
        other => return Err(format!("{other:?}")),
    };
    let tag = &*name.local;
    let is_figure = whom == For::Editors && tag == "figure";
    let is_in = |list: &str| list.split_whitespace().any(|known| known == tag);
    let is_known = match whom {
        For::Programs => is_in(ELEMENTS) && !is_in(NOT_FOR_PROGRAMS) || is_in(FOR_PROGRAMS),
        For::Readers | For::Editors => is_in(ELEMENTS) || is_figure,
    };
    ensure(name.ns == ns!(html) && is_known, || format!("<{tag}>"))?;
    out.push('<');
    out.push_str(tag);
    for attribute in attrs.iter() {
        let (key, value) = (&*attribute.name.local, &*attribute.value);
        if is_figure {
            figure(key, value)?;
        } else if whom == For::Programs {
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
        look(child, whom, out)?;
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

/// As browsers read addresses: controls and spaces before it, line breaks and tabs anywhere mean
/// nothing.
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

/// What a figure tells the editor.
fn figure(key: &str, value: &str) -> Result<(), String> {
    ensure(matches!(key, "data-trix-attachment" | "data-trix-attributes"), || {
        format!("<figure {key}>")
    })?;
    let data: serde_json::Value =
        serde_json::from_str(value).map_err(|error| format!("{key}: {error}"))?;
    for address in ["url", "href"].iter().filter_map(|name| data[name].as_str()) {
        ensure(is_safe(address), || format!("{key}: {address:?}"))?;
    }
    data["content"].as_str().map_or(Ok(()), |content| harmless(content, For::Editors))
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
