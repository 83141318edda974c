//! Nasty pieces of markup, of which tests and the torturer compose bodies.

/// The pieces. Text between them shows whether something is left open.
pub const PIECES: &[&str] = &[
    "<div>", "</div>", "<br>", "<p>", "</p>", "<p onclick=x style=y class=z>", "<h1>", "</h1>", "<h2>", "<pre>", "</pre>", "<pre>\n", "\n", " ",
    "<ul>", "</ul>", "<ol>", "<li>", "</li>", "<dl>", "<dd>", "</dd>", "<dt>", "<blockquote>", "</blockquote>", "<cite>", "</cite>",
    "<b>", "</b>", "<b title=x>", "<i>", "</i>", "<strong>", "</strong>", "<code>", "</code>", "<tt>", "<nobr>", "<font color=x>", "</font>",
    "<a href=\"https://a.example\">", "<a href=\"javascript:x\">", "<a href=\"/rooms/1/@2\">", "</a>", "<a>", "<span>", "</span>", "<sub>",
    "<table>", "</table>", "<tr>", "<td>", "</td>", "<td colspan=3>", "<th>", "<tbody>", "<thead>", "<caption>", "<colgroup>", "<col>",
    "<svg>", "</svg>", "<svg><style>", "<svg><title>", "<svg><desc>", "<foreignObject>", "<math>", "<mtext>", "<mglyph>", "<malignmark>",
    "<annotation-xml encoding=text/html>", "<math><mtext>", "</math>", "<![CDATA[", "]]>", "<script>", "</script>", "<style>", "</style>",
    "<title>", "</title>", "<textarea>", "</textarea>", "<noscript>", "</noscript>", "<noscript><p title=\"</noscript><img src=x onerror=1>\">",
    "<iframe>", "</iframe>", "<xmp>", "</xmp>", "<plaintext>", "<listing>", "<template>", "</template>", "<select>", "</select>", "<option>",
    "<button>", "</button>", "<form>", "</form>", "<input>", "<object>", "</object>", "<marquee>", "<applet>", "<ruby>", "<rt>", "<rp>",
    "<details>", "<summary>", "<dialog>", "<body>", "</body>", "<html>", "<head>", "<frameset>", "<image>", "<img src=x onerror=1>", "<hr>",
    "<figure>", "</figure>", "<figcaption>", "<!--", "-->", "<!-->", "--!>", "<!x>", "<?x>", "</x>", "<x-y>", "<a<b>", "<", ">", "\"", "'", "=", "/",
    "&lt;script&gt;", "&amp;", "&", "&#13;", "&#10;", "&#0;", "&nbsp;", "&quot;", "&lt", "&notit;", "&#x6A;avascript:", "\0", "\r\n", "\r", "\u{a0}",
    "\u{202e}", "\u{200b}", "\u{feff}", "\u{300}", "é", "😄", "x", "word ", "https://a.example/\"x", "https://a.example/(b)!", "www.a.example",
    "ada@a.example", "http", "s://", "://", "@", ".", "javascript:", "data:text/html,", "title=\"x\"", " onclick=x ", "href=", "class=mention",
    "<action-text-attachment sgid=ada>", "<action-text-attachment sgid=\"ada\"></action-text-attachment>", "<action-text-attachment sgid=gone caption=x>",
    "</action-text-attachment>", "<action-text-attachment content-type=\"text/html\" content=\"&lt;p&gt;x&lt;div&gt;&lt;a href=/x&gt;\"></action-text-attachment>",
    "<action-text-attachment content-type=\"image/png\" url=\"https://a.example/x.png\"></action-text-attachment>",
    "<action-text-attachment content-type=\"application/vnd.actiontext.opengraph-embed\" href=\"https://a.example\" filename=\"t\" caption=\"\nd\">",
    "<figure data-trix-attachment='{\"sgid\":\"ada\",\"content\":\"<b>\"}'>",
];
