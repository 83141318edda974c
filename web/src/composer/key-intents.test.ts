import { describe, expect, it } from "vitest";
import { intentOf, type KeyContext, type KeyPress, keyOf } from "./key-intents";

const quick: KeyContext = { enterSubmits: true, isEmpty: false };
const careful: KeyContext = { enterSubmits: false, isEmpty: false };
const press = (key: string, given: Partial<KeyPress> = {}): KeyPress => ({
  key,
  shift: false,
  command: false,
  alt: false,
  composing: false,
  ...given,
});

describe("Enter", () => {
  it("submits, and breaks the line with Shift", () => {
    expect(intentOf(press("Enter"), quick)).toBe("submit");
    expect(intentOf(press("Enter", { shift: true }), quick)).toBe("break");
  });

  it("breaks the line while formatting, and submits with Ctrl or Cmd", () => {
    expect(intentOf(press("Enter"), careful)).toBe("break");
    expect(intentOf(press("Enter", { command: true }), careful)).toBe("submit");
  });

  it("is left to the IME during composition", () => {
    expect(intentOf(press("Enter", { composing: true }), quick)).toBeNull();
    const last = new KeyboardEvent("keydown", { key: "Enter", keyCode: 229 } as KeyboardEventInit);
    expect(keyOf(last).composing).toBe(true);
  });
});

it("edits the last message on ArrowUp only in an empty field", () => {
  expect(intentOf(press("ArrowUp"), { ...quick, isEmpty: true })).toBe("up");
  expect(intentOf(press("ArrowUp"), quick)).toBeNull();
});

it("handles the usual shortcuts", () => {
  const intents = ["b", "i", "k", "z", "y"].map((key) =>
    intentOf(press(key, { command: true }), quick),
  );
  expect(intents).toEqual(["bold", "italic", "link", "undo", "redo"]);
  expect(intentOf(press("z", { command: true, shift: true }), quick)).toBe("redo");
  expect(intentOf(press("b"), quick)).toBeNull();
});
