import { expect, it } from "vitest";
import { hookCommand, hookUrl, postingCommand, postingUrl, shellQuoted } from "./endpoint-urls";

const origin = "https://chat.example.com";

it("returns the URLs of a bot in a room", () => {
  expect(postingUrl(origin, 3, "17-aB3d")).toBe(`${origin}/rooms/3/17-aB3d/messages`);
  expect(hookUrl(origin, 3, "17-aB3d")).toBe(`${origin}/rooms/3/17-aB3d/hook`);
});

it("returns commands that a shell accepts unchanged", () => {
  const url = postingUrl(origin, 3, "17-aB3d");
  expect(postingCommand(url, "It's 100% done")).toBe(
    `curl -H 'Content-Type: text/plain' -d 'It'\\''s 100% done' ${url}`,
  );
  expect(hookCommand(url, 'Say "hi"')).toBe(
    `curl -H 'Content-Type: application/json' -d '{"text":"Say \\"hi\\""}' ${url}`,
  );
});

it("quotes everything a shell might interpret", () => {
  expect(shellQuoted("a-b_c.d/e:1")).toBe("a-b_c.d/e:1");
  for (const word of ["", "a b", "$HOME", "a;b", "`x`", "a&b", "é"]) {
    expect(shellQuoted(word)).toBe(`'${word}'`);
  }
});
