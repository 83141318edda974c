import { parseHtml } from "./markup";

/** Allowed tags, and the tag that replaces them. */
const allowedTags: Readonly<Record<string, string>> = {
  A: "a",
  B: "strong",
  STRONG: "strong",
  I: "em",
  EM: "em",
  S: "del",
  DEL: "del",
  STRIKE: "del",
  CODE: "code",
  KBD: "code",
  BR: "br",
  H1: "h1",
  H2: "h1",
  H3: "h1",
  H4: "h1",
  H5: "h1",
  H6: "h1",
  BLOCKQUOTE: "blockquote",
  PRE: "pre",
  UL: "ul",
  OL: "ol",
  LI: "li",
};

/** Elements that start on a new line. */
const blockTags = new Set(
  "ADDRESS ARTICLE ASIDE CENTER DD DETAILS DIV DL DT FIELDSET FIGCAPTION FIGURE FOOTER FORM HEADER HR MAIN NAV P SECTION SUMMARY TABLE TR CAPTION".split(
    " ",
  ),
);

/** Elements whose content is removed. */
const removedTags = new Set(
  "SCRIPT STYLE TEMPLATE NOSCRIPT HEAD TITLE META LINK IFRAME OBJECT EMBED SVG MATH VIDEO AUDIO CANVAS SELECT BUTTON INPUT TEXTAREA".split(
    " ",
  ),
);

/**
 * Sanitizes pasted HTML: keeps the formatting that messages allow. Tables and images become text;
 * styles are removed.
 */
export function sanitizePaste(html: string): string {
  const target = document.createElement("div");
  for (const node of parseHtml(withoutStyles(html)).childNodes) append(target, node, false);
  return target.innerHTML;
}

/**
 * Styles are read from this attribute: as `style` attributes, the Content-Security-Policy would
 * report each of them.
 */
const styleAttribute = "data-pasted-style";

function withoutStyles(html: string): string {
  return html.replaceAll(/<[a-z][^>]*>/gi, (tag) =>
    tag.replaceAll(/\sstyle\s*=/gi, ` ${styleAttribute}=`),
  );
}

function append(parent: HTMLElement, node: Node, isCode: boolean) {
  if (node instanceof Text) {
    parent.append(isCode ? node.data : node.data.replaceAll(/[\t\n\r ]+/g, " "));
    return;
  }
  if (!(node instanceof Element)) return;
  const tag = node.tagName.toUpperCase();
  if (removedTags.has(tag)) return;
  if (tag === "IMG") {
    parent.append(node.getAttribute("alt") ?? "");
    return;
  }
  const target = targetFor(parent, node, tag, isCode);
  for (const child of node.childNodes) append(target, child, isCode || tag === "PRE");
  if ((tag === "TD" || tag === "TH") && node.nextElementSibling) target.append(" | ");
  // Paragraphs are separated by an empty line. The last line break of a block is not rendered.
  const next = node.nextElementSibling;
  if (tag === "P" && next && !removedTags.has(next.tagName.toUpperCase()))
    target.append(br(), br());
}

/** Where the content of an element goes: into the replacement element, or into the parent. */
function targetFor(parent: HTMLElement, node: Element, tag: string, isCode: boolean): HTMLElement {
  if (isCode) return parent;
  let target = parent;
  const add = (name: string) => {
    const made = document.createElement(name);
    target.append(made);
    target = made;
  };
  const style = node.getAttribute(styleAttribute) ?? "";
  const name = allowedTags[tag];
  if (blockTags.has(tag)) add("div");
  // Some editors wrap copied content in a `b` that is not bold.
  else if (name && !(name === "strong" && /font-weight:\s*(normal|[1-5]00)/.test(style))) {
    if (name !== "a") add(name);
    else if (/^(https?|mailto):/i.test(node.getAttribute("href") ?? "")) {
      add(name);
      target.setAttribute("href", node.getAttribute("href") ?? "");
    }
  }
  if (name) return target;
  if (/font-weight:\s*(bold|[6-9]00)/.test(style)) add("strong");
  if (/font-style:\s*italic/.test(style)) add("em");
  if (/text-decoration[a-z-]*:[^;]*line-through/.test(style)) add("del");
  return target;
}

function br(): HTMLElement {
  return document.createElement("br");
}
