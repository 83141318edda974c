import { describe, expect, it } from "vitest";
import type { RoomEvent } from "../cable/channels";
import { aBoost, aMessage, aUser, messages, minutesAfterNoon } from "../testing/builders";
import {
  applyEvent,
  compareMessages,
  cutNewest,
  cutOldest,
  type MessageWindow,
  newestWindow,
  windowAround,
  windowSize,
  withAuthor,
  withMessage,
  withNewer,
  withOlder,
} from "./window";

const ids = (window: MessageWindow) => window.messages.map(({ id }) => id);
const whole = (from: number, to: number): MessageWindow => ({
  messages: messages(from, to),
  atStart: true,
  atEnd: true,
});

describe("pages", () => {
  it("a short page has no older messages", () => {
    expect(newestWindow(messages(1, 40)).atStart).toBe(false);
    expect(newestWindow(messages(1, 39)).atStart).toBe(true);
  });

  it("a page around a message shows whether it reaches each end", () => {
    expect(windowAround(messages(1, 81), 41)).toMatchObject({ atStart: false, atEnd: false });
    expect(windowAround(messages(1, 50), 10)).toMatchObject({ atStart: true, atEnd: false });
    expect(windowAround(messages(1, 50), 45)).toMatchObject({ atStart: false, atEnd: true });
  });

  it("join at both ends without duplicates", () => {
    const middle: MessageWindow = { messages: messages(41, 80), atStart: false, atEnd: false };
    expect(ids(withOlder(middle, messages(2, 41)))).toEqual(ids(whole(2, 80)));
    expect(ids(withNewer(middle, messages(80, 119)))).toEqual(ids(whole(41, 119)));
  });

  it("an empty last page ends the list", () => {
    const middle: MessageWindow = { messages: messages(41, 80), atStart: false, atEnd: false };
    expect(withOlder(middle, []).atStart).toBe(true);
    expect(withNewer(middle, []).atEnd).toBe(true);
  });
});

describe("cutting", () => {
  it("allows a few more messages than the limit", () => {
    expect(cutOldest(whole(1, 320)).messages).toHaveLength(320);
  });

  it("cuts the oldest or newest and records that they are missing", () => {
    const oldestGone = cutOldest(whole(1, 321));
    expect(oldestGone).toMatchObject({ atStart: false, atEnd: true });
    expect(ids(oldestGone)).toEqual(ids(whole(22, 321)));
    const newestGone = cutNewest(whole(1, 321));
    expect(newestGone).toMatchObject({ atStart: true, atEnd: false });
    expect(ids(newestGone)).toEqual(ids(whole(1, windowSize)));
  });
});

describe("order", () => {
  it("is by time, then by id", () => {
    const early = aMessage({ id: 9, created_at: minutesAfterNoon(1) });
    const late = aMessage({ id: 3, created_at: minutesAfterNoon(2) });
    const tied = aMessage({ id: 4, created_at: minutesAfterNoon(2) });
    expect([tied, late, early].sort(compareMessages)).toEqual([early, late, tied]);
  });

  it("is kept for live messages in any order", () => {
    const shuffled = [3, 1, 4, 2, 5].map((id) => aMessage({ id }));
    const window = shuffled.reduce<MessageWindow>(withMessage, whole(0, 0));
    expect(ids(window)).toEqual([0, 1, 2, 3, 4, 5]);
  });
});

describe("live events", () => {
  const created = (id: number): RoomEvent => ({
    type: "message.created",
    message: aMessage({ id }),
  });

  it("append a message only once, even if it arrives again", () => {
    const once = applyEvent(whole(1, 3), created(4));
    expect(ids(once)).toEqual([1, 2, 3, 4]);
    expect(applyEvent(once, created(4))).toBe(once);
  });

  it("are not appended where newer messages are missing", () => {
    const window: MessageWindow = { ...whole(1, 3), atEnd: false };
    expect(applyEvent(window, created(9))).toBe(window);
  });

  it("do not add a message from before the window", () => {
    const window: MessageWindow = { ...whole(5, 9), atStart: false };
    expect(applyEvent(window, created(2))).toBe(window);
  });

  it("apply an edit, but never an older version", () => {
    const edit = aMessage({
      id: 2,
      updated_at: minutesAfterNoon(50),
      body: { html: "new", plain: "new" },
    });
    const edited = applyEvent(whole(1, 3), { type: "message.updated", message: edit });
    expect(edited.messages[1]?.body.plain).toBe("new");
    expect(applyEvent(edited, created(2))).toBe(edited);
  });

  it("remove a message, and ignore one that is gone", () => {
    const removal: RoomEvent = {
      type: "message.removed",
      message_id: 2,
      client_message_id: "client-2",
    };
    const without = applyEvent(whole(1, 3), removal);
    expect(ids(without)).toEqual([1, 3]);
    expect(applyEvent(without, removal)).toBe(without);
  });

  it("add and remove a boost once", () => {
    const boost = aBoost({ id: 5, message_id: 2 });
    const boosted = applyEvent(whole(1, 3), { type: "boost.created", boost });
    expect(boosted.messages[1]?.boosts).toEqual([boost]);
    expect(applyEvent(boosted, { type: "boost.created", boost })).toBe(boosted);
    const removal: RoomEvent = { type: "boost.removed", boost_id: 5, message_id: 2 };
    expect(applyEvent(boosted, removal).messages[1]?.boosts).toEqual([]);
  });

  it("have no effect when a page includes them already", () => {
    const events: RoomEvent[] = [
      created(4),
      { type: "boost.created", boost: aBoost({ id: 1, message_id: 4 }) },
      created(5),
      { type: "message.removed", message_id: 2, client_message_id: "client-2" },
      { type: "boost.removed", boost_id: 1, message_id: 4 },
    ];
    const final = events.reduce(applyEvent, whole(1, 3));
    for (let known = 0; known <= events.length; known += 1) {
      const page = events.slice(0, known).reduce(applyEvent, whole(1, 3));
      expect(events.reduce(applyEvent, page)).toEqual(final);
    }
  });
});

it("update an author's name on all their messages", () => {
  const window: MessageWindow = {
    ...whole(1, 1),
    messages: [
      aMessage({ id: 1, creator: aUser({ id: 5 }) }),
      aMessage({ id: 2, creator: aUser({ id: 6 }) }),
    ],
  };
  const renamed = withAuthor(window, aUser({ id: 5, name: "Countess" }));
  expect(renamed.messages.map(({ creator }) => creator.name)).toEqual(["Countess", "Person 6"]);
});
