import { beforeEach, expect, it, vi } from "vitest";
import { draftRooms, onDrafts, readDraft, writeDraft } from "./drafts";

beforeEach(() => localStorage.clear());

it("gives back what was written in each room", () => {
  writeDraft(1, 7, "<div>seven</div>");
  writeDraft(1, 8, "<div>eight</div>");
  expect(readDraft(1, 7)).toBe("<div>seven</div>");
  expect(draftRooms(1)).toEqual([7, 8]);
});

it("never shows another person's", () => {
  writeDraft(1, 7, "<div>secret</div>");
  expect(readDraft(2, 7)).toBe("");
  expect(draftRooms(2)).toEqual([]);
  expect(draftRooms(11)).toEqual([]);
});

it("forgets what is empty", () => {
  writeDraft(1, 7, "<div>x</div>");
  writeDraft(1, 7, "");
  expect(draftRooms(1)).toEqual([]);
});

it("tells when one comes or goes", () => {
  const heard = vi.fn();
  const stop = onDrafts(heard);
  writeDraft(1, 7, "<div>x</div>");
  expect(heard).toHaveBeenCalledTimes(1);
  stop();
  writeDraft(1, 7, "");
  expect(heard).toHaveBeenCalledTimes(1);
});

it("lets the oldest go when there are too many", () => {
  for (let room = 1; room <= 60; room += 1) writeDraft(1, room, "<div>x</div>", room);
  expect(draftRooms(1)).toEqual(Array.from({ length: 50 }, (_, index) => index + 11));
});

it("takes damaged ones for none", () => {
  localStorage.setItem("campfire-draft-1-7", "{");
  localStorage.setItem("campfire-draft-1-8", '{"html":5}');
  expect([readDraft(1, 7), readDraft(1, 8)]).toEqual(["", ""]);
});
