import { expect, it } from "vitest";
import type { MessageWindow } from "../messages/window";
import { messages } from "../testing/builders";
import { cacheableData, keysToEvict, maxMessages, maxRooms } from "./cache-policy";

const window = (count: number, rest: Partial<MessageWindow> = {}): MessageWindow => ({
  messages: messages(1, count),
  atStart: true,
  atEnd: true,
  ...rest,
});

it("caches the end of a room", () => {
  const cached = cacheableData(["messages", 1], window(maxMessages + 5)) as MessageWindow;
  expect(cached.messages.map(({ id }) => id)).toEqual(
    Array.from({ length: maxMessages }, (_, index) => index + 6),
  );
  expect(cached).toMatchObject({ atStart: false, atEnd: true });
  expect(cacheableData(["messages", 1], window(3))).toEqual(window(3));
});

it("keeps a room's cached end while the reader is further up", () => {
  expect(cacheableData(["messages", 1], window(3, { atEnd: false }))).toBeUndefined();
});

it("caches what the sidebar needs, and nothing else", () => {
  expect(cacheableData(["rooms"], [])).toEqual([]);
  expect(cacheableData(["me"], { id: 1 })).toEqual({ id: 1 });
  expect(cacheableData(["account"], { name: "x" })).toEqual({ name: "x" });
  expect(cacheableData(["status"], { signed_in: true })).toEqual({ signed_in: true });
  expect(cacheableData(["status"], { signed_in: false })).toBeUndefined();
  expect(cacheableData(["rooms", "all"], [])).toBeUndefined();
  expect(cacheableData(["rooms", 7], {})).toBeUndefined();
  expect(cacheableData(["people", 7], {})).toBeUndefined();
  expect(cacheableData(["me"], undefined)).toBeUndefined();
});

it("evicts rooms that the user has left, and the least recently read ones", () => {
  const rooms = Array.from({ length: maxRooms + 3 }, (_, id) => ({ id }));
  const cached = rooms.map(({ id }) => ({ key: `messages/${id}`, savedAt: id }));
  const others = [
    { key: "messages/999", savedAt: 10_000 },
    { key: "rooms", savedAt: 0 },
  ];
  expect(keysToEvict([...cached, ...others], rooms).sort()).toEqual(
    ["messages/0", "messages/1", "messages/2", "messages/999"].sort(),
  );
});
