import { describe, expect, it } from "vitest";
import type { Message } from "../api/types";
import type { OutboxEntry } from "../outbox/entry";
import { aMessage, aUser, minutesAfterNoon } from "../testing/builders";
import { isSameRow, type Reader, rowsOf } from "./rows";

const ada = aUser({ id: 1 });
const grace = aUser({ id: 2 });

function anEntry(given: Partial<OutboxEntry> = {}): OutboxEntry {
  return {
    clientMessageId: "mine",
    userId: ada.id,
    roomId: 7,
    text: "Hello",
    writtenAt: Date.parse(minutesAfterNoon(0)),
    position: 1,
    state: "waiting",
    reason: null,
    ...given,
  };
}

/**
 * "day" for a separator, "A" for a message with author, "a" for a grouped one, "?" for an unsent
 * one.
 */
function summary(
  messages: Message[],
  entries: OutboxEntry[] = [],
  reader?: Reader,
  whole = true,
): string {
  return rowsOf(messages, entries, reader, whole)
    .map((row) => {
      if (row.kind === "day") return "day";
      if (row.kind === "new") return "new";
      if (row.kind === "entry") return row.follows ? "?" : "?!";
      const letter = row.message.creator.id === ada.id ? "a" : "g";
      return row.follows ? letter : letter.toUpperCase();
    })
    .join(" ");
}

const from = (creator: typeof ada, id: number, created_at: string) =>
  aMessage({ id, creator, created_at });

describe("grouping", () => {
  it("groups messages of one author within five minutes", () => {
    expect(
      summary([
        from(ada, 1, minutesAfterNoon(0)),
        from(ada, 2, minutesAfterNoon(5)),
        from(ada, 3, minutesAfterNoon(10)),
      ]),
    ).toBe("day A a a");
  });

  it("starts a new group after more than five minutes and for another author", () => {
    expect(
      summary([
        from(ada, 1, minutesAfterNoon(0)),
        from(ada, 2, minutesAfterNoon(6)),
        from(grace, 3, minutesAfterNoon(6)),
        from(ada, 4, minutesAfterNoon(7)),
      ]),
    ).toBe("day A A G A");
  });
});

describe("day separators", () => {
  const midnight = new Date(2026, 0, 31, 0, 0);
  const around = (minutes: number) => new Date(midnight.getTime() + minutes * 60_000).toISOString();

  it("are shown above the first message and where the reader's day changes", () => {
    expect(
      summary([from(ada, 1, around(-2)), from(ada, 2, around(-1)), from(ada, 3, around(1))]),
    ).toBe("day A a day A");
  });

  it("are not shown in an empty room", () => {
    expect(rowsOf([], [])).toEqual([]);
  });
});

describe("the line above new messages", () => {
  const all = [
    from(grace, 1, minutesAfterNoon(0)),
    from(grace, 2, minutesAfterNoon(1)),
    from(ada, 3, minutesAfterNoon(2)),
    from(grace, 4, minutesAfterNoon(3)),
  ];
  const reader = (since: number | null): Reader => ({
    id: ada.id,
    unreadSince: since === null ? null : minutesAfterNoon(since),
  });

  it("is shown above the first unread message and starts a new group", () => {
    expect(summary(all, [], reader(1))).toBe("day G new G A G");
  });

  it("is not shown above the reader's own messages", () => {
    expect(summary(all, [], reader(2))).toBe("day G g A new G");
  });

  it("is not shown when nothing is unread, or nothing by others", () => {
    expect(summary(all, [], reader(null))).toBe("day G g A G");
    expect(summary(all, [], reader(9))).toBe("day G g A G");
  });

  it("waits for older messages when the first loaded message may not be the first new one", () => {
    expect(summary(all, [], reader(0), false)).toBe("day G g A G");
    expect(summary(all, [], reader(0), true)).toBe("day new G g A G");
  });
});

describe("unsent messages", () => {
  it("come last, grouped with the reader's own", () => {
    expect(
      summary(
        [from(ada, 1, minutesAfterNoon(0))],
        [anEntry({ writtenAt: Date.parse(minutesAfterNoon(1)) })],
      ),
    ).toBe("day A ?");
    expect(summary([from(grace, 1, minutesAfterNoon(0))], [anEntry()])).toBe("day G ?!");
  });

  it("come last when this device's clock is behind", () => {
    const entry = anEntry({ writtenAt: Date.parse(minutesAfterNoon(-3_000)) });
    expect(summary([from(ada, 1, minutesAfterNoon(0))], [entry])).toBe("day A ?");
  });

  it("are replaced by the stored message, which keeps their key", () => {
    const message = aMessage({ id: 1, client_message_id: "mine", creator: ada });
    const before = rowsOf([], [anEntry()]);
    const after = rowsOf([message], [anEntry()]);
    expect(after.map(({ kind }) => kind)).toEqual(["day", "message"]);
    expect(after.at(-1)?.key).toBe(before.at(-1)?.key);
  });
});

it("gives every row a unique key, even for duplicate client message ids", () => {
  const duplicates = [1, 2].map((id) => aMessage({ id, client_message_id: "same" }));
  const keys = rowsOf(duplicates, []).map(({ key }) => key);
  expect(new Set(keys).size).toBe(keys.length);
});

describe("an unchanged row", () => {
  const day = (date: number, hour: number) => new Date(2026, 0, date, hour).toISOString();
  const messages = [
    from(ada, 3, day(30, 9)),
    from(ada, 4, day(31, 9)),
    from(grace, 5, day(31, 10)),
  ];

  it("renders the same and keeps its key when older messages are added above", () => {
    const older = [from(grace, 1, day(29, 9)), from(grace, 2, day(30, 8))];
    const entry = anEntry();
    const before = rowsOf(messages, [entry]);
    const after = rowsOf([...older, ...messages], [entry]);
    // The day separator of the first message is above an older one now.
    const rest = before.slice(1);
    const tail = after.slice(-rest.length);
    expect(tail.map(({ key }) => key)).toEqual(rest.map(({ key }) => key));
    expect(tail.every((row, at) => rest[at] && isSameRow(rest[at], row))).toBe(true);
  });

  it("does not render the same once it changed or moved within its group", () => {
    const before = rowsOf(messages, []);
    const after = rowsOf(
      messages.map((message) => ({ ...message, edited: true })),
      [],
    );
    expect(before.map((row, at) => after[at] && isSameRow(row, after[at]))).toEqual([
      true,
      false,
      true,
      false,
      false,
    ]);
    const row = { kind: "message" as const, key: "a", message: aMessage({ id: 1 }), follows: true };
    expect(isSameRow(row, { ...row, follows: false })).toBe(false);
    expect(isSameRow(row, { kind: "new", key: "a" })).toBe(false);
  });
});
