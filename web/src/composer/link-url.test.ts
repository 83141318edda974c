import { expect, it } from "vitest";
import { normalizeLinkUrl } from "./link-url";

it.each([
  ["https://example.org/a?b#c", "https://example.org/a?b#c"],
  [" example.org ", "https://example.org"],
  ["localhost:3000/rooms/1", "https://localhost:3000/rooms/1"],
  ["ada@example.org", "mailto:ada@example.org"],
  ["mailto:ada@example.org", "mailto:ada@example.org"],
])("%s", (typed, address) => {
  expect(normalizeLinkUrl(typed)).toBe(address);
});

it.each(["", "  ", "two words", "javascript:alert(1)", "data:text/html,x", "https://"])(
  "rejects %s",
  (typed) => {
    expect(normalizeLinkUrl(typed)).toBeNull();
  },
);
