import { expect, it } from "vitest";
import { shellOf } from "./shell.ts";

const outputs = [
  { name: "assets/index-1.js", content: "script", isEntry: true },
  { name: "assets/index-1.css", content: "style", isEntry: false },
  { name: "assets/emoji/data.json", content: "[]", isEntry: false },
  { name: "index.html", content: "page", isEntry: false },
];
const favicon = { name: "favicon.svg", content: "sign" };

it("includes scripts, styles and static files", () => {
  const { entry, files } = shellOf(outputs, [favicon]);
  expect(entry).toBe("assets/index-1.js");
  expect(files).toEqual(["/assets/index-1.css", "/assets/index-1.js", "/favicon.svg"]);
});

it("changes the version when a precached file changes, and only then", () => {
  const { version } = shellOf(outputs, [favicon]);
  const changed = (name: string, change: object) =>
    shellOf(
      outputs.map((output) => (output.name === name ? { ...output, ...change } : output)),
      [favicon],
    ).version;
  expect(changed("assets/index-1.js", { name: "assets/index-2.js" })).not.toBe(version);
  expect(changed("index.html", { content: "another page" })).not.toBe(version);
  expect(shellOf(outputs, [{ ...favicon, content: "another sign" }]).version).not.toBe(version);
  expect(shellOf(outputs.toReversed(), [favicon]).version).toBe(version);
});
