import { expect, it } from "vitest";
import type { Message } from "../api/types";
import { aBoost, aUser } from "../testing/builders";
import { randomHistory, seededRandom } from "../testing/room-history";
import {
  applyEvent,
  cutOldest,
  type MessageWindow,
  newestWindow,
  pageSize,
  windowAround,
  withNewer,
  withOlder,
} from "./window";

/**
 * What readers see. No event contains the `updated_at` of a message whose boost was
 * removed, so it is left out.
 */
const seen = (messages: readonly Message[]) =>
  messages.map(({ id, body, edited, boosts, created_at }) => ({
    id,
    text: body.html,
    edited,
    created_at,
    boosts: boosts.map((boost) => boost.id),
  }));

const seeds = Array.from({ length: 150 }, (_, index) => index + 1);

it.each(seeds)(
  "ends in the same state as a reload, whenever the page was read and the events started (%i)",
  (seed) => {
    const chance = seededRandom(seed);
    const { events, states } = randomHistory(60, chance);
    const read = Math.floor(chance() * events.length);
    // The subscription starts before the page is read, so the first events may be older than it.
    const subscribed = Math.floor(chance() * (read + 1));
    const page = states[read] ?? [];
    const start: MessageWindow = { messages: page, atStart: true, atEnd: true };
    const end = events.slice(subscribed).reduce(applyEvent, start);
    expect(seen(end.messages)).toEqual(seen(states.at(-1) ?? []));
  },
);

it.each(seeds)(
  "ends in the same state when pages are added at both ends in between (%i)",
  (seed) => {
    const chance = seededRandom(1_000 + seed);
    const { events, states } = randomHistory(300, chance);
    const from = 150;
    const all = states[from] ?? [];
    const around = all[Math.floor(chance() * all.length)];
    const at = all.findIndex(({ id }) => id === around?.id);
    const first = all.slice(Math.max(0, at - 5), at + 6);
    let window: MessageWindow = {
      messages: first,
      atStart: at - 5 <= 0,
      atEnd: at + 6 >= all.length,
    };

    for (let now = from; now < events.length; now += 1) {
      const event = events[now];
      if (event) window = applyEvent(window, event);
      if (chance() > 0.2) continue;
      // The page misses the last events, which are applied again.
      const back = Math.min(now - from, Math.floor(chance() * 8));
      const then = states[now + 1 - back] ?? [];
      const missed = events.slice(now + 1 - back, now + 1);
      window = missed.reduce(applyEvent, extended(window, then, chance() < 0.5));
    }

    const last = states.at(-1) ?? [];
    const [oldest] = window.messages;
    const newest = window.messages.at(-1);
    const expected = last.filter(
      ({ id }) =>
        (window.atStart || (oldest && id >= oldest.id)) &&
        (window.atEnd || (newest && id <= newest.id)),
    );
    expect(seen(window.messages)).toEqual(seen(expected));
  },
);

/** Adds the server's next page before or after the window. */
function extended(window: MessageWindow, then: readonly Message[], older: boolean): MessageWindow {
  const ids = then.map(({ id }) => id);
  if (older) {
    const first = window.messages[0];
    if (!first || window.atStart || !ids.includes(first.id)) return window;
    const end = ids.indexOf(first.id);
    return withOlder(window, then.slice(Math.max(0, end - pageSize), end));
  }
  const last = window.messages.at(-1);
  if (!last || window.atEnd || !ids.includes(last.id)) return window;
  const start = ids.indexOf(last.id) + 1;
  return withNewer(window, then.slice(start, start + pageSize));
}

it.each(seeds)(
  "ends in the same state when responses arrive before or after their events (%i)",
  (seed) => {
    const chance = seededRandom(3_000 + seed);
    const { events, states } = randomHistory(80, chance);
    // The editor gets both a response and an event, in either order.
    const deliveries = events.map((event, at) => ({ event, at: at as number }));
    events.forEach((event, at) => {
      if (event.type === "message.updated") deliveries.push({ event, at: at + chance() * 12 - 4 });
    });
    deliveries.sort((a, b) => a.at - b.at);
    const start: MessageWindow = { messages: [], atStart: true, atEnd: true };
    const end = deliveries.map(({ event }) => event).reduce(applyEvent, start);
    expect(seen(end.messages)).toEqual(seen(states.at(-1) ?? []));
  },
);

it.each(seeds.slice(0, 30))("never grows beyond its limit (%i)", (seed) => {
  const { events } = randomHistory(1_200, seededRandom(2_000 + seed));
  let window = newestWindow([]);
  for (const event of events) {
    window = cutOldest(applyEvent(window, event));
    expect(window.messages.length).toBeLessThanOrEqual(320);
  }
});

it("shows a new boost of the user once, whether the response or the event comes first", () => {
  const me = aUser({ id: 9 });
  const { states } = randomHistory(5, seededRandom(1));
  const start = windowAround(states.at(-1) ?? [], 1);
  const message_id = start.messages[0]?.id ?? 0;
  const pending = aBoost({ id: -1, message_id, booster: me, content: "🔥" });
  const real = { ...pending, id: 77 };
  const before = applyEvent(start, { type: "boost.created", boost: pending });
  expect(before.messages[0]?.boosts.filter(({ content }) => content === "🔥")).toHaveLength(1);

  const received = applyEvent(before, { type: "boost.created", boost: real });
  const answered = applyEvent(received, { type: "boost.created", boost: real });
  const settled = applyEvent(answered, { type: "boost.removed", boost_id: -1, message_id });
  for (const window of [received, answered, settled]) {
    const mine = window.messages[0]?.boosts.filter(({ content }) => content === "🔥");
    expect(mine).toEqual([real]);
  }
});
