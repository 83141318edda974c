import { expect, it } from "vitest";
import type { Member } from "../api/types";
import { aUser } from "../testing/builders";
import { sortedMembers, withPresence } from "./members";

const member = (id: number, name: string, connected: boolean): Member => ({
  ...aUser({ id, name }),
  connected,
});
const members = [member(1, "Zoë", false), member(2, "Bob", true), member(3, "Ada", false)];

it("sorts present members first, then by name", () => {
  expect(sortedMembers(members).map(({ name }) => name)).toEqual(["Bob", "Ada", "Zoë"]);
});

it("updates the presence of members", () => {
  const later = withPresence(members, { type: "presence.changed", user_id: 3, connected: true });
  expect(sortedMembers(later).map(({ name }) => name)).toEqual(["Ada", "Bob", "Zoë"]);
});
