//! What is stored of the editor's markup, and what the editor gets back.

#[path = "support/people.rs"]
mod people;

use people::People;
use rich_text::{Body, canonicalise, mentions};

fn stored(html: &str, canonical: &str) {
    assert_eq!(canonicalise(html).as_str(), canonical, "{html}");
    assert_eq!(
        canonicalise(canonical).as_str(),
        canonical,
        "what is stored is stored the same again"
    );
}

#[test]
fn well_formed_markup_is_stored_as_it_is() {
    for html in [
        "<div>one<br>two &amp; &lt;three&gt;&nbsp;</div>",
        "<h1>a</h1><blockquote>b</blockquote><pre>c\n d</pre><ul><li>e<ol><li>f</li></ol></li></ul>",
        "<p class=\"x\" style=\"color: red\">y</p>",
        "<pre>\n\nx</pre>",
        "plain",
        "",
    ] {
        stored(html, html);
    }
}

#[test]
fn other_markup_is_repaired() {
    stored(" \n<P CLASS=x>a<p>b<img src=y>\n ", "<p class=\"x\">a</p><p>b<img src=\"y\"></p>");
    stored("a < b <!-- c -->", "a &lt; b");
    stored("a<script>b</script><textarea><b></textarea><svg><g>c</g></svg>d", "ad");
    stored("a\r\nb&#13;c", "a\nb&#13;c");
    stored("<a<b c=d>x</a<b>", "x");
}

#[test]
fn what_is_opened_again_does_not_multiply_what_was_written() {
    // Bold with a long attribute, left open: a browser opens it again, attribute and all, in each
    // of the paragraphs.
    let body = format!("<p><b title=\"{}\">{}", "a".repeat(30_000), "<p>x".repeat(8_000));
    assert!(canonicalise(&body).as_str().len() < 3 * body.len());
    // A little of it is nothing unusual.
    stored("<p><b title=\"a\">x<p>y", "<p><b title=\"a\">x</b></p><p><b title=\"a\">y</b></p>");
}

#[test]
fn figures_become_attachments_in_rails_order() {
    let figure = r#"<div>hi <figure data-trix-attachment="{&quot;content&quot;:&quot;&lt;b&gt;&quot;,&quot;contentType&quot;:&quot;application/vnd.campfire.mention&quot;,&quot;width&quot;:7,&quot;previewable&quot;:true,&quot;sgid&quot;:&quot;ada&quot;,&quot;other&quot;:1,&quot;href&quot;:null}" data-trix-attributes="{&quot;caption&quot;:&quot;c&quot;,&quot;presentation&quot;:&quot;gallery&quot;}"><span>x</span></figure></div>"#;
    stored(
        figure,
        r#"<div>hi <action-text-attachment sgid="ada" content-type="application/vnd.campfire.mention" width="7" previewable="true" presentation="gallery" caption="c" content="&lt;b&gt;"></action-text-attachment></div>"#,
    );
    stored(
        "<action-text-attachment content=x onclick=y sgid=z>inner</action-text-attachment>",
        "<action-text-attachment sgid=\"z\" content=\"x\"></action-text-attachment>",
    );
    stored(
        "<figure data-trix-attachment='not json'>x</figure>",
        "<action-text-attachment></action-text-attachment>",
    );
    stored("<figure class=\"attachment\">x</figure>", "<figure class=\"attachment\">x</figure>");
}

#[test]
fn the_editor_gets_back_what_it_wrote() {
    for body in [
        "<div>one<br>two</div>",
        "<blockquote>said</blockquote><cite>Ada <a href=\"/rooms/1/@2\">#</a></cite><br>yes https://example.com",
        "<h1>a</h1><pre>\n\nb</pre><ol><li>c</li></ol>",
    ] {
        assert_eq!(Body::parse(body).editor_source(&People), body);
    }
}

#[test]
fn attachments_come_back_as_figures_with_fresh_content() {
    let body = r#"<div><action-text-attachment sgid="ada" content-type="application/octet-stream" content="&lt;b&gt;old&lt;/b&gt;"></action-text-attachment> <action-text-attachment content-type="application/vnd.actiontext.opengraph-embed" url="https://example.com/x.png" href="javascript:x" filename="T" filesize="12" caption="c" content="&lt;img src=x onerror=alert(1)&gt;&lt;b&gt;T&lt;/b&gt;"></action-text-attachment></div>"#;
    let source = Body::parse(body).editor_source(&People);
    let figures: Vec<_> = source.matches("<figure data-trix-attachment=").collect();
    assert_eq!(figures.len(), 2, "{source}");
    assert!(
        source.contains("Ada &amp;amp;lt;Lovelace") || source.contains("Ada &amp;lt;Lovelace"),
        "{source}"
    );
    assert!(
        !source.contains("old") && !source.contains("onerror") && !source.contains("javascript"),
        "{source}"
    );
    let again = canonicalise(&source);
    assert_eq!(mentions(again.as_str()), ["ada"]);
    for kept in [
        r#"content-type="application/vnd.campfire.mention""#,
        r#"url="https://example.com/x.png""#,
        r#"filesize="12""#,
        r#"caption="c""#,
        "&lt;b&gt;T&lt;/b&gt;",
    ] {
        assert!(again.as_str().contains(kept), "{kept}: {again:?}");
    }
}

#[test]
fn paragraphs_come_back_as_the_editors_blocks() {
    let source = Body::parse("<p>a <action-text-attachment sgid=ada></action-text-attachment></p>")
        .editor_source(&People);
    assert!(
        source.starts_with("<div>a <figure ") && source.ends_with("</figure></div>"),
        "{source}"
    );
}
