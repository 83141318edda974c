import { beforeEach, expect, it } from "vitest";
import { addRecentRoom, lastRoom, recentRooms } from "./recent-rooms";

beforeEach(() => localStorage.clear());

it("keeps the recent rooms of each user, latest first", () => {
  for (const room of [3, 4, 3, 5]) addRecentRoom(1, room);
  addRecentRoom(2, 9);
  expect(recentRooms(1)).toEqual([5, 3, 4]);
  expect(lastRoom(2)).toBe(9);
  expect(lastRoom(3)).toBeNull();
});

it("drops the oldest", () => {
  for (let room = 1; room <= 30; room += 1) addRecentRoom(1, room);
  expect(recentRooms(1)).toHaveLength(20);
  expect(recentRooms(1).at(-1)).toBe(11);
});

it("reads the format of an earlier version, and ignores invalid values", () => {
  localStorage.setItem("campfire-last-room-1", "7");
  expect(lastRoom(1)).toBe(7);
  localStorage.setItem("campfire-last-room-1", "{broken");
  expect(lastRoom(1)).toBeNull();
});
