import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { chooseWindow } from "./choose-window";
import { notificationData, notificationFor, tagFor } from "./notification";

const origin = "https://chat.example.com";
/** The push message that the server's tests describe. */
const fixture = "../../../crates/campfire/tests/fixtures/notification.json";
const sent = readFileSync(join(import.meta.dirname, fixture), "utf8");

it("shows what the server sends", () => {
  expect(notificationFor(sent, [], origin)).toEqual({
    title: "Designers",
    options: {
      body: "Ada Lovelace: Hello there",
      icon: "/account/logo",
      badge: "/icons/badge-96.png",
      tag: "campfire:/rooms/3",
      renotify: true,
      data: { path: "/rooms/3", count: 1 },
    },
    unread: 4,
  });
});

it("replaces a room's notification and counts messages", () => {
  const first = notificationFor(sent, [], origin).options;
  const second = notificationFor(sent, [first, { tag: "campfire:/rooms/9", data: {} }], origin);
  expect(second.title).toBe("Designers (2)");
  expect(notificationFor(sent, [second.options], origin).title).toBe("Designers (3)");
});

it("does not count test notifications", () => {
  const testPush = JSON.stringify({ title: "Campfire", options: { data: { path: "/" } } });
  const first = notificationFor(testPush, [], origin).options;
  expect(notificationFor(testPush, [first], origin).title).toBe("Campfire");
});

it.each(["", "no JSON", "null", "[]", "7", '{"title":7,"options":"x"}', '{"options":{"data":[]}}'])(
  "always shows a notification: %s",
  (text) => {
    const { title, options, unread } = notificationFor(text, [], origin);
    expect(title).toBe("Campfire");
    expect(options.body).not.toBe("");
    expect(options.data.path).toBe("/");
    expect(unread).toBeNull();
  },
);

it.each([
  "https://example.com/",
  "//example.com/x",
  "/\\example.com",
  "/.//example.com/x",
  "/rooms/..//example.com",
  "javascript:alert(1)",
  "rooms/3",
  7,
  null,
])("opens no other origin: %s", (path) => {
  expect(notificationData({ path }, origin).path).toBe("/");
});

it("uses one tag for a room and its messages", () => {
  expect(tagFor("/rooms/3/@42")).toBe(tagFor("/rooms/3"));
  expect(tagFor("/rooms/30")).not.toBe(tagFor("/rooms/3"));
});

it("chooses the window at the path, then the focused one, then the last used", () => {
  const at = (path: string, isFocused = false, isVisible = isFocused) => ({
    client: path,
    path,
    isFocused,
    isVisible,
  });
  const one = at("/rooms/1");
  const seen = at("/rooms/2", false, true);
  const used = at("/inbox", true);
  expect(chooseWindow([one, seen, used], "/rooms/1")).toBe(one);
  expect(chooseWindow([one, seen, used], "/rooms/9")).toBe(used);
  expect(chooseWindow([one, seen], "/rooms/9")).toBe(seen);
  expect(chooseWindow([one], "/rooms/9")).toBe(one);
  expect(chooseWindow([], "/rooms/9")).toBeUndefined();
});
