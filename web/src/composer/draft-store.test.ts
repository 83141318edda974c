import { beforeEach, expect, it, vi } from "vitest";
import { DraftStore } from "./draft-store";

const texts = new DraftStore("campfire-draft");

beforeEach(() => localStorage.clear());

it("returns the draft of each room", () => {
  texts.write(1, 7, "<div>seven</div>");
  texts.write(1, 8, "<div>eight</div>");
  expect(texts.read(1, 7)).toBe("<div>seven</div>");
  expect(texts.ids(1)).toEqual([7, 8]);
});

it("never returns another user's draft", () => {
  texts.write(1, 7, "<div>secret</div>");
  expect(texts.read(2, 7)).toBe("");
  expect(texts.ids(2)).toEqual([]);
  expect(texts.ids(11)).toEqual([]);
});

it("deletes empty drafts", () => {
  texts.write(1, 7, "<div>x</div>");
  texts.write(1, 7, "");
  expect(texts.ids(1)).toEqual([]);
});

it("notifies when a draft is added or removed", () => {
  const listener = vi.fn();
  const stop = texts.onChange(listener);
  texts.write(1, 7, "<div>x</div>");
  expect(listener).toHaveBeenCalledTimes(1);
  stop();
  texts.write(1, 7, "");
  expect(listener).toHaveBeenCalledTimes(1);
});

it("evicts the oldest drafts", () => {
  for (let room = 1; room <= 60; room += 1) texts.write(1, room, "<div>x</div>", room);
  expect(texts.ids(1)).toEqual(Array.from({ length: 50 }, (_, index) => index + 11));
});

it("ignores damaged drafts", () => {
  localStorage.setItem("campfire-draft-1-7", "{");
  localStorage.setItem("campfire-draft-1-8", '{"html":5}');
  expect([texts.read(1, 7), texts.read(1, 8)]).toEqual(["", ""]);
});

it("stores each kind of draft separately", () => {
  const others = new DraftStore("campfire-edit");
  texts.write(1, 7, "<div>a draft</div>");
  others.write(1, 7, "<div>a change</div>");
  expect([texts.read(1, 7), others.read(1, 7)]).toEqual([
    "<div>a draft</div>",
    "<div>a change</div>",
  ]);
  expect(texts.ids(1)).toEqual([7]);
});
