import { expect, it } from "vitest";
import { aRoom, aUser } from "../testing/builders";
import { destinationsOf } from "./destinations";

const ada = aUser({ id: 1 });
const grace = aUser({ id: 2, name: "Grace" });
const edsger = aUser({ id: 3, name: "Edsger" });

it("offers a person once: as the ping that is there, or to begin one", () => {
  const ping = aRoom({ id: 8, type: "direct", members: [grace] });
  const keys = destinationsOf([ping], [ada, grace, edsger], [], ada.id).map(({ key }) => key);
  expect(keys).toEqual(["room-8", "person-3"]);
});

it("still offers somebody who is only in a ping of several", () => {
  const group = aRoom({ id: 8, type: "direct", members: [grace, edsger] });
  const keys = destinationsOf([group], [grace], [], ada.id).map(({ key }) => key);
  expect(keys).toEqual(["room-8", "person-2"]);
});

it("leaves out whoever is gone", () => {
  expect(destinationsOf([], [aUser({ id: 5, status: "deactivated" })], [], 1)).toEqual([]);
});

it("knows which rooms were visited lately", () => {
  const rooms = [aRoom({ id: 4 }), aRoom({ id: 5 })];
  expect(destinationsOf(rooms, [], [9, 5], 1).map(({ recency }) => recency)).toEqual([null, 1]);
});
