import type { Message } from "../api/types";
import type { RoomEvent } from "../cable/channels";
import { aBoost, aMessage, aUser } from "./builders";

/** A seeded random number generator (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A sequence of events, and the messages after each of them. */
export interface RoomHistory {
  events: RoomEvent[];
  /** `states[n]` are the messages after the first n events. */
  states: Message[][];
}

/**
 * Generates a random history as a server would send it: people write, edit, delete, restore, boost
 * and remove boosts, in one order, each change later than the one before.
 */
export function randomHistory(length: number, chance: () => number): RoomHistory {
  let now = Date.UTC(2026, 0, 31, 12);
  let nextId = 1;
  let messages: Message[] = [];
  const deleted: Message[] = [];
  const events: RoomEvent[] = [];
  const states: Message[][] = [[]];
  const pick = <T>(list: readonly T[]) => list[Math.floor(chance() * list.length)];
  const replace = (changed: Message) => {
    messages = messages.map((message) => (message.id === changed.id ? changed : message));
  };

  const write = (time: string): RoomEvent => {
    const id = nextId++;
    const message = aMessage({ id, created_at: time, creator: aUser({ id: 1 + (id % 3) }) });
    messages = [...messages, message];
    return { type: "message.created", message };
  };
  const edit = (known: Message, time: string): RoomEvent => {
    const body = { html: `edited ${time}`, plain: `edited ${time}` };
    const message = { ...known, body, edited: true, updated_at: time };
    replace(message);
    return { type: "message.updated", message };
  };
  const remove = (message: Message): RoomEvent => {
    messages = messages.filter(({ id }) => id !== message.id);
    deleted.push(message);
    return {
      type: "message.removed",
      message_id: message.id,
      client_message_id: message.client_message_id,
    };
  };
  const restore = (message: Message): RoomEvent => {
    deleted.splice(deleted.indexOf(message), 1);
    messages = [...messages, message].sort((a, b) => a.id - b.id);
    return { type: "message.created", message };
  };
  const boost = (known: Message, time: string): RoomEvent => {
    const added = aBoost({ id: nextId++, message_id: known.id, created_at: time });
    replace({ ...known, boosts: [...known.boosts, added], updated_at: time });
    return { type: "boost.created", boost: added };
  };
  const unboost = (known: Message, boostId: number, time: string): RoomEvent => {
    const boosts = known.boosts.filter(({ id }) => id !== boostId);
    replace({ ...known, boosts, updated_at: time });
    return { type: "boost.removed", boost_id: boostId, message_id: known.id };
  };

  const next = (time: string): RoomEvent => {
    const message = pick(messages);
    const gone = pick(deleted);
    const dice = chance();
    if (!message || dice < 0.35) return write(time);
    if (dice < 0.5) return edit(message, time);
    if (dice < 0.65) return remove(message);
    if (dice < 0.75 && gone) return restore(gone);
    const last = message.boosts.at(-1);
    if (dice < 0.85 && last) return unboost(message, last.id, time);
    return boost(message, time);
  };

  for (let at = 0; at < length; at += 1) {
    now += 1_000;
    events.push(next(new Date(now).toISOString()));
    states.push(messages);
  }
  return { events, states };
}
