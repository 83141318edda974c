import { expect, it } from "vitest";
import { aRoom, aUser, minutesAfterNoon } from "../testing/builders";
import {
  firstOpenRoom,
  markActive,
  markRead,
  markUnread,
  unreadCount,
  withoutRoom,
  withRoom,
  withUpdatedUser,
} from "./room-list";

const directs = [
  aRoom({ id: 1, type: "direct", updated_at: minutesAfterNoon(9) }),
  aRoom({ id: 2, type: "direct", updated_at: minutesAfterNoon(5) }),
];
const shared = [aRoom({ id: 3, name: "all Talk" }), aRoom({ id: 4, name: "Zoo" })];
const rooms = [...directs, ...shared];
const ids = (list: { id: number }[]) => list.map(({ id }) => id);

it("inserts a new room by name, ignoring case", () => {
  expect(ids(withRoom(rooms, aRoom({ id: 5, name: "Band" })))).toEqual([1, 2, 3, 5, 4]);
});

it("moves a renamed room and keeps it unread", () => {
  const list = withRoom(markActive(rooms, 3, new Date(), true), aRoom({ id: 3, name: "zz" }));
  expect(ids(list)).toEqual([1, 2, 4, 3]);
  expect(list.at(-1)?.unread).toBe(true);
});

it("removes a room that was hidden or deleted", () => {
  expect(ids(withRoom(rooms, aRoom({ id: 3, involvement: "invisible" })))).toEqual([1, 2, 4]);
  expect(ids(withoutRoom(rooms, 4))).toEqual([1, 2, 3]);
});

it("moves a ping with new activity to the front", () => {
  const list = markActive(rooms, 2, new Date(minutesAfterNoon(20)), true);
  expect(ids(list)).toEqual([2, 1, 3, 4]);
  expect(list[0]?.unread).toBe(true);
});

it("does not mark an open room as unread, nor an unread room as read", () => {
  expect(markActive(rooms, 3, new Date(), false).find(({ id }) => id === 3)?.unread).toBe(false);
  const unread = markActive(rooms, 3, new Date(), true);
  expect(markActive(unread, 3, new Date(), false).find(({ id }) => id === 3)?.unread).toBe(true);
  expect(markRead(unread, 3).some((room) => room.unread)).toBe(false);
});

it("updates the name of another member", () => {
  const list = withUpdatedUser(
    [aRoom({ id: 1, type: "direct", members: [aUser({ id: 9 })] })],
    aUser({ id: 9, name: "New" }),
  );
  expect(list[0]?.members?.[0]?.name).toBe("New");
});

it("finds the oldest open room", () => {
  expect(firstOpenRoom(rooms)?.id).toBe(3);
  expect(firstOpenRoom([aRoom({ id: 1, type: "closed" })])).toBeUndefined();
});

it("keeps since when a room is unread until it is read", () => {
  const marked = markUnread(rooms, 3, minutesAfterNoon(2));
  const since = (list: typeof rooms) => list.find(({ id }) => id === 3)?.unread_since;
  expect(since(markActive(marked, 3, new Date(minutesAfterNoon(20)), true))).toBe(
    minutesAfterNoon(2),
  );
  expect(since(markActive(rooms, 3, new Date(minutesAfterNoon(20)), true))).toBe(
    minutesAfterNoon(20),
  );
  expect(since(markRead(marked, 3))).toBeNull();
  expect(since(withRoom(marked, aRoom({ id: 3, name: "renamed" })))).toBe(minutesAfterNoon(2));
});

it("counts the unread rooms", () => {
  expect(unreadCount(undefined)).toBe(0);
  expect(
    unreadCount(markUnread(markUnread(rooms, 3, minutesAfterNoon(2)), 1, minutesAfterNoon(3))),
  ).toBe(2);
});
