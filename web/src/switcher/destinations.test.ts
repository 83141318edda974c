import { expect, it } from "vitest";
import { aRoom, aUser } from "../testing/builders";
import { destinationsOf } from "./destinations";

const ada = aUser({ id: 1 });
const grace = aUser({ id: 2, name: "Grace" });
const edsger = aUser({ id: 3, name: "Edsger" });

it("offers a user once: as an existing ping, or as a new one", () => {
  const ping = aRoom({ id: 8, type: "direct", members: [grace] });
  const keys = destinationsOf([ping], [ada, grace, edsger], [], ada.id).map(({ key }) => key);
  expect(keys).toEqual(["room-8", "person-3"]);
});

it("offers a user who is only in a group ping", () => {
  const group = aRoom({ id: 8, type: "direct", members: [grace, edsger] });
  const keys = destinationsOf([group], [grace], [], ada.id).map(({ key }) => key);
  expect(keys).toEqual(["room-8", "person-2"]);
});

it("leaves out deactivated users", () => {
  expect(destinationsOf([], [aUser({ id: 5, status: "deactivated" })], [], 1)).toEqual([]);
});

it("ranks recent rooms", () => {
  const rooms = [aRoom({ id: 4 }), aRoom({ id: 5 })];
  expect(destinationsOf(rooms, [], [9, 5], 1).map(({ recency }) => recency)).toEqual([null, 1]);
});
