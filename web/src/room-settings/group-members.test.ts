import { expect, it } from "vitest";
import { aUser } from "../testing/builders";
import { groupMembers } from "./group-members";

const ada = aUser({ id: 1, name: "Ada" });
const bo = aUser({ id: 2, name: "Bo" });
const cleo = aUser({ id: 3, name: "Cleo" });
const gone = aUser({ id: 4, name: "Gone", status: "deactivated" });
const names = (people: { name: string }[]) => people.map(({ name }) => name);

it("lists members first, then the others, and everyone once", () => {
  const { members, others } = groupMembers([bo], [ada, bo, cleo], "", false);
  expect(names(members)).toEqual(["Bo"]);
  expect(names(others)).toEqual(["Ada", "Cleo"]);
});

it("has a single group in open rooms", () => {
  const { members, others } = groupMembers([bo], [ada, bo, cleo], "", true);
  expect(members).toEqual([]);
  expect(names(others)).toEqual(["Ada", "Bo", "Cleo"]);
});

it("leaves out deactivated users", () => {
  expect(names(groupMembers([], [ada, gone], "", false).others)).toEqual(["Ada"]);
});

it("filters locally before the server responds", () => {
  const { members, others } = groupMembers([ada, bo], [ada, bo, cleo], "b", false);
  expect(names(members)).toEqual(["Bo"]);
  expect(others).toEqual([]);
});
