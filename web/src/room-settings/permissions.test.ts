import { expect, it } from "vitest";
import { aRoom, aUser } from "../testing/builders";
import { canCreateRooms, canEditRoom, settingsPath } from "./permissions";

const member = aUser({ id: 2 });
const administrator = aUser({ id: 3, role: "administrator" });

it("lets administrators and the creator edit a room", () => {
  const room = aRoom({ creator_id: 2 });
  expect(canEditRoom(member, room)).toBe(true);
  expect(canEditRoom(administrator, room)).toBe(true);
  expect(canEditRoom(aUser({ id: 4 }), room)).toBe(false);
});

it("lets everyone create rooms, unless that is restricted", () => {
  const account = (restricted: boolean) => ({
    name: "Campfire",
    join_url: "",
    settings: { restrict_room_creation_to_administrators: restricted },
  });
  expect(canCreateRooms(member, account(false))).toBe(true);
  expect(canCreateRooms(member, account(true))).toBe(false);
  expect(canCreateRooms(administrator, account(true))).toBe(true);
});

it("returns the settings path of each room type", () => {
  expect(settingsPath(aRoom({ id: 4, type: "open" }))).toBe("/rooms/opens/4/edit");
  expect(settingsPath(aRoom({ id: 5, type: "closed" }))).toBe("/rooms/closeds/5/edit");
  expect(settingsPath(aRoom({ id: 6, type: "direct" }))).toBe("/rooms/directs/6/edit");
});
