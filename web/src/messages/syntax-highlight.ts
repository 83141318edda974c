import core from "highlight.js/lib/core";
import bash from "highlight.js/lib/languages/bash";
import css from "highlight.js/lib/languages/css";
import diff from "highlight.js/lib/languages/diff";
import go from "highlight.js/lib/languages/go";
import java from "highlight.js/lib/languages/java";
import javascript from "highlight.js/lib/languages/javascript";
import json from "highlight.js/lib/languages/json";
import python from "highlight.js/lib/languages/python";
import ruby from "highlight.js/lib/languages/ruby";
import rust from "highlight.js/lib/languages/rust";
import sql from "highlight.js/lib/languages/sql";
import xml from "highlight.js/lib/languages/xml";

const languages = {
  bash,
  css,
  diff,
  go,
  java,
  javascript,
  json,
  python,
  ruby,
  rust,
  sql,
  xml,
};
for (const [name, language] of Object.entries(languages)) core.registerLanguage(name, language);

/** Longer blocks are not highlighted: detecting their language would block the page. */
const maxLength = 20_000;

/** Highlights the code blocks of a message, detecting their language. */
export function highlightCode(blocks: Iterable<Element>) {
  for (const block of blocks) {
    // Only plain text: blocks with markup are not highlighted.
    if (block.childElementCount > 0 || block.classList.contains("hljs")) continue;
    const code = block.textContent ?? "";
    if (code.trim() === "" || code.length > maxLength) continue;
    const { value, language } = core.highlightAuto(code);
    if (!language) continue;
    block.innerHTML = value;
    block.classList.add("hljs");
  }
}
