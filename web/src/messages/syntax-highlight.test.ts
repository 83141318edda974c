import { expect, it } from "vitest";
import { highlightCode } from "./syntax-highlight";

function block(html: string): HTMLPreElement {
  const element = document.createElement("pre");
  element.innerHTML = html;
  highlightCode([element]);
  return element;
}

it("highlights code and keeps every character", () => {
  const code = 'pub fn name(&self) -> Option<u8> {\n    let mut x = "<b>";\n    match x {}\n}';
  const element = block(code.replaceAll("&", "&amp;").replaceAll("<", "&lt;"));
  expect(element.querySelector(".hljs-keyword")?.textContent).toBe("pub");
  expect(element.textContent).toBe(code);
  expect(element.querySelector("b")).toBeNull();
});

it("does not highlight blocks with markup", () => {
  expect(block("let <strong>x</strong> = 1;").innerHTML).toBe("let <strong>x</strong> = 1;");
});

it("does not highlight long blocks", () => {
  expect(block("let x = 1;\n".repeat(2_000)).querySelector("span")).toBeNull();
});
