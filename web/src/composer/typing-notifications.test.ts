import { describe, expect, it } from "vitest";
import {
  TypingNotifier,
  type Typist,
  typistNames,
  withoutExpired,
  withTypingEvent,
} from "./typing-notifications";

describe("sending", () => {
  const signalAt = () => {
    const said: string[] = [];
    const clock = { now: 0 };
    const signal = new TypingNotifier(
      (action) => said.push(action),
      () => clock.now,
    );
    return { said, clock, signal };
  };

  it("sends start at most once a second", () => {
    const { said, clock, signal } = signalAt();
    for (const now of [0, 400, 999, 1_000, 1_500]) {
      clock.now = now;
      signal.changed(true);
    }
    expect(said).toEqual(["start", "start"]);
  });

  it("sends stop once when the text is empty", () => {
    const { said, signal } = signalAt();
    signal.changed(false);
    signal.changed(true);
    signal.changed(false);
    signal.stop();
    expect(said).toEqual(["start", "stop"]);
  });

  it("sends start at once after a stop", () => {
    const { said, signal } = signalAt();
    signal.changed(true);
    signal.stop();
    signal.changed(true);
    expect(said).toEqual(["start", "stop", "start"]);
  });
});

describe("receiving", () => {
  const ada = { id: 1, name: "Ada" };
  const bob = { id: 2, name: "Bob" };
  const none: readonly Typist[] = [];

  it("sorts typists by name", () => {
    const one = withTypingEvent(none, { action: "start", user: bob }, 9, 0);
    const two = withTypingEvent(one, { action: "start", user: ada }, 9, 10);
    expect(typistNames(two)).toEqual(["Ada", "Bob"]);
    expect(typistNames(withTypingEvent(two, { action: "stop", user: bob }, 9, 20))).toEqual([
      "Ada",
    ]);
  });

  it("counts everyone once", () => {
    const one = withTypingEvent(none, { action: "start", user: ada }, 9, 0);
    expect(withTypingEvent(one, { action: "start", user: ada }, 9, 10)).toHaveLength(1);
  });

  it("ignores the user's own typing", () => {
    expect(withTypingEvent(none, { action: "start", user: ada }, 1, 0)).toBe(none);
  });

  it("removes typists without recent notifications", () => {
    const one = withTypingEvent(none, { action: "start", user: ada }, 9, 1_000);
    expect(withoutExpired(one, 5_999)).toBe(one);
    expect(withoutExpired(one, 6_000)).toEqual([]);
  });
});
