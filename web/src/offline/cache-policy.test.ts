import { expect, it } from "vitest";
import type { MessageWindow } from "../messages/window";
import { messages } from "../testing/builders";
import { mostMessages, mostRooms, surplus, worthKeeping } from "./cache-policy";

const window = (count: number, rest: Partial<MessageWindow> = {}): MessageWindow => ({
  messages: messages(1, count),
  atStart: true,
  atEnd: true,
  ...rest,
});

it("keeps the end of a room", () => {
  const kept = worthKeeping(["messages", 1], window(mostMessages + 5)) as MessageWindow;
  expect(kept.messages.map(({ id }) => id)).toEqual(
    Array.from({ length: mostMessages }, (_, index) => index + 6),
  );
  expect(kept).toMatchObject({ atStart: false, atEnd: true });
  expect(worthKeeping(["messages", 1], window(3))).toEqual(window(3));
});

it("does not replace a room's end by what somebody reads further up", () => {
  expect(worthKeeping(["messages", 1], window(3, { atEnd: false }))).toBeUndefined();
});

it("keeps the sidebar and whom it belongs to, and nothing that was not asked for", () => {
  expect(worthKeeping(["rooms"], [])).toEqual([]);
  expect(worthKeeping(["me"], { id: 1 })).toEqual({ id: 1 });
  expect(worthKeeping(["account"], { name: "x" })).toEqual({ name: "x" });
  expect(worthKeeping(["status"], { signed_in: true })).toEqual({ signed_in: true });
  expect(worthKeeping(["status"], { signed_in: false })).toBeUndefined();
  expect(worthKeeping(["rooms", "all"], [])).toBeUndefined();
  expect(worthKeeping(["rooms", 7], {})).toBeUndefined();
  expect(worthKeeping(["people", 7], {})).toBeUndefined();
  expect(worthKeeping(["me"], undefined)).toBeUndefined();
});

it("lets go of rooms that one is not in any more, and of those read longest ago", () => {
  const rooms = Array.from({ length: mostRooms + 3 }, (_, id) => ({ id }));
  const kept = rooms.map(({ id }) => ({ key: `messages/${id}`, savedAt: id }));
  const others = [
    { key: "messages/999", savedAt: 10_000 },
    { key: "rooms", savedAt: 0 },
  ];
  expect(surplus([...kept, ...others], rooms).sort()).toEqual(
    ["messages/0", "messages/1", "messages/2", "messages/999"].sort(),
  );
});
