//! What is stored of the editor's markup, and what the editor gets back.

#[path = "support/people.rs"]
mod people;

use people::People;
use rich_text::{Body, canonicalize, mentions};

fn assert_stored(html: &str, canonical: &str) {
    assert_eq!(canonicalize(html).as_str(), canonical, "{html}");
    assert_eq!(canonicalize(canonical).as_str(), canonical, "storing it again must not change it");
}

#[test]
fn well_formed_markup_is_stored_unchanged() {
    for html in [
        "<div>one<br>two &amp; &lt;three&gt;&nbsp;</div>",
        "<h1>a</h1><blockquote>b</blockquote><pre>c\n d</pre><ul><li>e<ol><li>f</li></ol></li></ul>",
        "<p class=\"x\" style=\"color: red\">y</p>",
        "<pre>\n\nx</pre>",
        "plain",
        "",
    ] {
        assert_stored(html, html);
    }
}

#[test]
fn other_markup_is_repaired() {
    assert_stored(
        " \n<P CLASS=x>a<p>b<img src=y>\n ",
        "<p class=\"x\">a</p><p>b<img src=\"y\"></p>",
    );
    assert_stored("a < b <!-- c -->", "a &lt; b");
    assert_stored("a<script>b</script><textarea><b></textarea><svg><g>c</g></svg>d", "ad");
    assert_stored("a\r\nb&#13;c", "a\nb&#13;c");
    assert_stored("<a<b c=d>x</a<b>", "x");
}

#[test]
fn reopened_elements_do_not_multiply_the_input() {
    // An unclosed bold element with a long attribute: browsers reopen it, with the attribute, in
    // each paragraph.
    let body = format!("<p><b title=\"{}\">{}", "a".repeat(30_000), "<p>x".repeat(8_000));
    assert!(canonicalize(&body).as_str().len() < 3 * body.len());
    // A little repetition is normal.
    assert_stored(
        "<p><b title=\"a\">x<p>y",
        "<p><b title=\"a\">x</b></p><p><b title=\"a\">y</b></p>",
    );
}

#[test]
fn figures_become_attachments_in_rails_order() {
    let figure = r#"<div>hi <figure data-trix-attachment="{&quot;content&quot;:&quot;&lt;b&gt;&quot;,&quot;contentType&quot;:&quot;application/vnd.campfire.mention&quot;,&quot;width&quot;:7,&quot;previewable&quot;:true,&quot;sgid&quot;:&quot;ada&quot;,&quot;other&quot;:1,&quot;href&quot;:null}" data-trix-attributes="{&quot;caption&quot;:&quot;c&quot;,&quot;presentation&quot;:&quot;gallery&quot;}"><span>x</span></figure></div>"#;
    assert_stored(
        figure,
        r#"<div>hi <action-text-attachment sgid="ada" content-type="application/vnd.campfire.mention" width="7" previewable="true" presentation="gallery" caption="c" content="&lt;b&gt;"></action-text-attachment></div>"#,
    );
    assert_stored(
        "<action-text-attachment content=x onclick=y sgid=z>inner</action-text-attachment>",
        "<action-text-attachment sgid=\"z\" content=\"x\"></action-text-attachment>",
    );
    assert_stored(
        "<figure data-trix-attachment='not json'>x</figure>",
        "<action-text-attachment></action-text-attachment>",
    );
    assert_stored(
        "<figure class=\"attachment\">x</figure>",
        "<figure class=\"attachment\">x</figure>",
    );
}

#[test]
fn the_editor_gets_its_own_markup_back() {
    for body in [
        "<div>one<br>two</div>",
        "<blockquote>said</blockquote><cite>Ada <a href=\"/rooms/1/@2\">#</a></cite><br>yes https://example.com",
        "<h1>a</h1><pre>\n\nb</pre><ol><li>c</li></ol>",
    ] {
        assert_eq!(Body::parse(body).editor_source(&People), body);
    }
}

#[test]
fn attachments_become_figures_with_fresh_content() {
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
    let again = canonicalize(&source);
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
fn paragraphs_become_the_editors_blocks() {
    let source = Body::parse("<p>a <action-text-attachment sgid=ada></action-text-attachment></p>")
        .editor_source(&People);
    assert!(
        source.starts_with("<div>a <figure ") && source.ends_with("</figure></div>"),
        "{source}"
    );
}
