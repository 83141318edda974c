import { expect, it } from "vitest";
import { aRoom, aUser } from "../testing/builders";
import { mayChange, mayCreate, settingsPath } from "./permissions";

const member = aUser({ id: 2 });
const administrator = aUser({ id: 3, role: "administrator" });

it("lets administrators and whoever made a room change it", () => {
  const room = aRoom({ creator_id: 2 });
  expect(mayChange(member, room)).toBe(true);
  expect(mayChange(administrator, room)).toBe(true);
  expect(mayChange(aUser({ id: 4 }), room)).toBe(false);
});

it("lets everybody make rooms, unless that is restricted", () => {
  const account = (restricted: boolean) => ({
    name: "Campfire",
    join_url: "",
    settings: { restrict_room_creation_to_administrators: restricted },
  });
  expect(mayCreate(member, account(false))).toBe(true);
  expect(mayCreate(member, account(true))).toBe(false);
  expect(mayCreate(administrator, account(true))).toBe(true);
});

it("knows the address of each kind of room's settings", () => {
  expect(settingsPath(aRoom({ id: 4, type: "open" }))).toBe("/rooms/opens/4/edit");
  expect(settingsPath(aRoom({ id: 5, type: "closed" }))).toBe("/rooms/closeds/5/edit");
  expect(settingsPath(aRoom({ id: 6, type: "direct" }))).toBe("/rooms/directs/6/edit");
});
