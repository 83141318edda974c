import { describe, expect, it } from "vitest";
import {
  TypingNotifier,
  type Typist,
  typistNames,
  withoutExpired,
  withTypingEvent,
} from "./typing-notifications";

describe("sending", () => {
  const setUp = () => {
    const sent: string[] = [];
    const clock = { now: 0 };
    const notifier = new TypingNotifier(
      (action) => sent.push(action),
      () => clock.now,
    );
    return { sent, clock, notifier };
  };

  it("sends start at most once a second", () => {
    const { sent, clock, notifier } = setUp();
    for (const now of [0, 400, 999, 1_000, 1_500]) {
      clock.now = now;
      notifier.changed(true);
    }
    expect(sent).toEqual(["start", "start"]);
  });

  it("sends stop once when the text is empty", () => {
    const { sent, notifier } = setUp();
    notifier.changed(false);
    notifier.changed(true);
    notifier.changed(false);
    notifier.stop();
    expect(sent).toEqual(["start", "stop"]);
  });

  it("sends start at once after a stop", () => {
    const { sent, notifier } = setUp();
    notifier.changed(true);
    notifier.stop();
    notifier.changed(true);
    expect(sent).toEqual(["start", "stop", "start"]);
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
