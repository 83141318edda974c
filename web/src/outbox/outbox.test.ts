import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { Problem, Unreachable } from "../api/problem";
import { aMessage, aUser } from "../testing/builders";
import { type DeliveryOutcome, messageBody, outcomeFromError } from "./delivery";
import type { OutboxEntry } from "./entry";
import { maxEntries, Outbox, type TabMessage } from "./outbox";
import { type OutboxStore, openStore } from "./store";

const ada = aUser({ id: 1, name: "Ada Lovelace" });
const grace = aUser({ id: 2, name: "Grace Hopper" });

let store: OutboxStore;

beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  store = await openStore();
});

/** Opens a tab of Ada's. `server` answers what it posts; the test ends its retry delays. */
function openTab(
  server: (entry: OutboxEntry) => Promise<DeliveryOutcome>,
  shared: { store?: OutboxStore } = {},
) {
  const pauses: { milliseconds: number; end: () => void }[] = [];
  const broadcasts: TabMessage[] = [];
  const arrived: string[] = [];
  const outbox = new Outbox({
    userId: ada.id,
    store: shared.store ?? store,
    deliver: server,
    withLock,
    broadcast: (message) => broadcasts.push(message),
    onDelivered: (message) => arrived.push(message.client_message_id),
    now: () => 1_000,
    schedule: (milliseconds, end) => {
      const pause = { milliseconds, end };
      pauses.push(pause);
      return () => pauses.splice(pauses.indexOf(pause), 1);
    },
    random: () => 0.5,
  });
  return {
    outbox,
    pauses,
    broadcasts,
    arrived,
    texts: () => outbox.entries.map(({ text }) => text),
  };
}

/** The Web Locks that the tabs of a test share. */
const queues = new Map<string, Promise<void>>();
function withLock(name: string, work: () => Promise<void>): Promise<void> {
  const turn = (queues.get(name) ?? Promise.resolve()).then(work);
  queues.set(
    name,
    turn.catch(() => undefined),
  );
  return turn;
}

function sent(entry: OutboxEntry): DeliveryOutcome {
  return {
    kind: "sent",
    message: aMessage({ client_message_id: entry.clientMessageId, creator: ada }),
  };
}

const later: DeliveryOutcome = { kind: "retry", retryAfter: null, isServerError: false };

/** A response that the test releases. */
function heldAnswer() {
  let release: (outcome: DeliveryOutcome) => void = () => {};
  const outcome = new Promise<DeliveryOutcome>((resolve) => {
    release = resolve;
  });
  return { outcome, release };
}

describe("sending", () => {
  it("shows a message at once and removes it when the server has it", async () => {
    const tab = openTab(async (entry) => sent(entry));
    expect(tab.outbox.submit(7, "Hello")).toBeNull();
    expect(tab.texts()).toEqual(["Hello"]);
    await vi.waitFor(() => expect(tab.texts()).toEqual([]));
    expect(tab.arrived).toHaveLength(1);
    expect(await store.all(ada.id)).toEqual([]);
  });

  it("sends formatted messages as HTML and shows their text", async () => {
    const bodies: unknown[] = [];
    const tab = openTab(async (entry) => {
      bodies.push(messageBody(entry));
      return sent(entry);
    });
    tab.outbox.submit(7, "Hello", "<div><strong>Hello</strong></div>");
    tab.outbox.submit(7, "plain");
    expect(tab.texts()).toEqual(["Hello", "plain"]);
    await vi.waitFor(() => expect(tab.texts()).toEqual([]));
    expect(bodies).toEqual([{ body: "<div><strong>Hello</strong></div>" }, { text: "plain" }]);
  });

  it("saves a message before it is posted", async () => {
    const stored: number[] = [];
    const tab = openTab(async (entry) => {
      stored.push((await store.all(ada.id)).length);
      return sent(entry);
    });
    tab.outbox.submit(7, "Hello");
    await vi.waitFor(() => expect(stored).toEqual([1]));
  });

  it("sends in order, one at a time", async () => {
    const log: string[] = [];
    const tab = openTab(async (entry) => {
      log.push(`start ${entry.text}`);
      await Promise.resolve();
      log.push(`end ${entry.text}`);
      return sent(entry);
    });
    for (const text of ["one", "two", "three"]) tab.outbox.submit(7, text);
    await vi.waitFor(() => expect(tab.texts()).toEqual([]));
    expect(log).toEqual([
      "start one",
      "end one",
      "start two",
      "end two",
      "start three",
      "end three",
    ]);
  });

  it("does not block other rooms", async () => {
    const tab = openTab(async (entry) => (entry.roomId === 7 ? later : sent(entry)));
    tab.outbox.submit(7, "stuck");
    tab.outbox.submit(8, "free");
    await vi.waitFor(() => expect(tab.texts()).toEqual(["stuck"]));
  });

  it("is confirmed by the live event and not sent again, even without a response", async () => {
    const { outcome, release } = heldAnswer();
    const posts = vi.fn(async (_entry: OutboxEntry) => outcome);
    const tab = openTab(posts);
    tab.outbox.submit(7, "Hello");
    await vi.waitFor(() => expect(posts).toHaveBeenCalledOnce());
    const id = tab.outbox.entries[0]?.clientMessageId ?? "";
    tab.outbox.confirm({ client_message_id: id, creator: ada });
    expect(tab.texts()).toEqual([]);
    release(later);
    await vi.waitFor(async () => expect(await store.all(ada.id)).toEqual([]));
    tab.outbox.wake();
    expect(tab.pauses.length).toBeLessThanOrEqual(1);
    expect(posts).toHaveBeenCalledOnce();
  });

  it("is not confirmed by another user's message with the same id", async () => {
    const tab = openTab(async () => later);
    tab.outbox.submit(7, "Hello");
    const id = tab.outbox.entries[0]?.clientMessageId ?? "";
    tab.outbox.confirm({ client_message_id: id, creator: grace });
    expect(tab.texts()).toEqual(["Hello"]);
  });

  it("limits the number of messages", () => {
    const tab = openTab(async () => later);
    for (let count = 0; count < maxEntries; count += 1)
      expect(tab.outbox.submit(7, "x")).toBeNull();
    expect(tab.outbox.submit(7, "one too many")).toMatch(/waiting/);
  });
});

describe("without a network", () => {
  it("keeps a message and sends it when the network is back", async () => {
    let isDown = true;
    const tab = openTab(async (entry) => (isDown ? later : sent(entry)));
    tab.outbox.submit(7, "Hello");
    await vi.waitFor(() => expect(tab.pauses).toHaveLength(1));
    isDown = false;
    tab.outbox.wake();
    await vi.waitFor(() => expect(tab.texts()).toEqual([]));
  });

  it("doubles the delay after each failure, up to half a minute", async () => {
    const tab = openTab(async () => later);
    tab.outbox.submit(7, "Hello");
    const delays: number[] = [];
    for (let count = 0; count < 8; count += 1) {
      await vi.waitFor(() => expect(tab.pauses).toHaveLength(1));
      delays.push(tab.pauses[0]?.milliseconds ?? 0);
      tab.pauses[0]?.end();
    }
    expect(delays).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
  });

  it("waits as long as the server asks", async () => {
    const tab = openTab(async () => ({ kind: "retry", retryAfter: 90, isServerError: false }));
    tab.outbox.submit(7, "Hello");
    await vi.waitFor(() => expect(tab.pauses[0]?.milliseconds).toBe(90_000));
  });

  it("resumes after a closed tab, with the same id", async () => {
    const first = openTab(async () => later);
    first.outbox.submit(7, "one");
    first.outbox.submit(7, "two");
    const ids = first.outbox.entries.map(({ clientMessageId }) => clientMessageId);
    await vi.waitFor(async () => expect(await store.all(ada.id)).toHaveLength(2));
    first.outbox.stop();

    const posted: string[] = [];
    const second = openTab(async (entry) => {
      posted.push(entry.clientMessageId);
      return sent(entry);
    });
    await second.outbox.start();
    await vi.waitFor(() => expect(posted).toEqual(ids));
  });

  it("works without a database that does not open", async () => {
    vi.spyOn(console, "warn").mockImplementation(() => {});
    vi.spyOn(indexedDB, "open").mockReturnValue(new IDBOpenDBRequest());
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const opening = openStore();
    vi.advanceTimersByTime(5_000);
    vi.useRealTimers();
    expect(await (await opening).all(ada.id)).toEqual([]);
    vi.restoreAllMocks();
  });

  it("reports messages that would be lost with the tab, until they are saved or sent", async () => {
    const warning = vi.spyOn(console, "warn").mockImplementation(() => {});
    const put = vi.fn(store.put).mockRejectedValueOnce(new DOMException("lost", "UnknownError"));
    const tab = openTab(async () => later, { store: { ...store, put } });
    expect(tab.outbox.hasMemoryOnlyEntries).toBe(false);
    tab.outbox.submit(1, "kept here only");
    await expect.poll(() => tab.outbox.hasMemoryOnlyEntries).toBe(true);
    tab.outbox.wake();
    await expect.poll(() => tab.outbox.hasMemoryOnlyEntries).toBe(false);
    expect((await store.all(ada.id)).map(({ text }) => text)).toEqual(["kept here only"]);
    warning.mockRestore();
  });

  it("reports all messages when the browser offers no storage", async () => {
    const tab = openTab(async () => later, { store: { ...store, isPersistent: false } });
    expect(tab.outbox.hasMemoryOnlyEntries).toBe(false);
    tab.outbox.submit(1, "kept here only");
    expect(tab.outbox.hasMemoryOnlyEntries).toBe(true);
  });

  it("sends waiting messages after the browser has deleted its data", async () => {
    let isDown = true;
    const posted: string[] = [];
    const tab = openTab(async (entry) => {
      if (isDown) return later;
      posted.push(entry.text);
      return sent(entry);
    });
    tab.outbox.submit(7, "one");
    tab.outbox.submit(7, "two");
    await vi.waitFor(() => expect(tab.pauses).toHaveLength(1));
    await vi.waitFor(async () => expect(await store.all(ada.id)).toHaveLength(2));
    await new Promise((done) => {
      indexedDB.deleteDatabase("campfire-outbox").onsuccess = done;
    });
    tab.outbox.wake();
    await vi.waitFor(() => expect(tab.pauses).toHaveLength(1));
    expect(tab.texts()).toEqual(["one", "two"]);
    await vi.waitFor(async () => expect(await store.all(ada.id)).toHaveLength(2));
    isDown = false;
    tab.outbox.wake();
    await vi.waitFor(() => expect(tab.texts()).toEqual([]));
    expect(posted).toEqual(["one", "two"]);
    expect(await store.all(ada.id)).toEqual([]);
  });

  it("keeps showing known messages when the store cannot be read", async () => {
    const warning = vi.spyOn(console, "warn").mockImplementation(() => {});
    const all = () => Promise.reject(new DOMException("lost", "UnknownError"));
    const tab = openTab(async () => later, { store: { ...store, all } });
    tab.outbox.submit(7, "Hello");
    await vi.waitFor(() => expect(tab.pauses).toHaveLength(1));
    await tab.outbox.receive({ kind: "changed" });
    expect(tab.texts()).toEqual(["Hello"]);
    warning.mockRestore();
  });

  it("does not send messages of another user on this device", async () => {
    const tab = openTab(async () => later);
    tab.outbox.submit(7, "Ada's");
    await vi.waitFor(async () => expect(await store.all(ada.id)).toHaveLength(1));
    expect(await store.all(grace.id)).toEqual([]);
  });

  it("stops when the session has ended and keeps the messages", async () => {
    const posts = vi.fn(
      async (_entry: OutboxEntry): Promise<DeliveryOutcome> => ({ kind: "signed_out" }),
    );
    const tab = openTab(posts);
    tab.outbox.submit(7, "Hello");
    await vi.waitFor(() => expect(posts).toHaveBeenCalledOnce());
    expect(tab.pauses).toEqual([]);
    expect(await store.all(ada.id)).toHaveLength(1);
  });
});

describe("rejections", () => {
  const refused: DeliveryOutcome = { kind: "refused", reason: "This room no longer exists." };

  it("marks a rejected message with the reason and continues with the next", async () => {
    const tab = openTab(async (entry) => (entry.text === "bad" ? refused : sent(entry)));
    tab.outbox.submit(7, "bad");
    tab.outbox.submit(7, "good");
    await vi.waitFor(() => expect(tab.texts()).toEqual(["bad"]));
    expect(tab.outbox.entries[0]).toMatchObject({
      state: "failed",
      reason: "This room no longer exists.",
    });
    expect(await store.all(ada.id)).toMatchObject([{ state: "failed" }]);
  });

  it("sends a failed message again on request, with the same id", async () => {
    const outcomes = [refused];
    const ids: string[] = [];
    const tab = openTab(async (entry) => {
      ids.push(entry.clientMessageId);
      return outcomes.shift() ?? sent(entry);
    });
    tab.outbox.submit(7, "Hello");
    await vi.waitFor(() => expect(tab.outbox.entries[0]?.state).toBe("failed"));
    tab.outbox.retry(ids[0] ?? "");
    await vi.waitFor(() => expect(tab.texts()).toEqual([]));
    expect(ids).toEqual([ids[0], ids[0]]);
  });

  it("deletes a failed message on request", async () => {
    const tab = openTab(async () => refused);
    tab.outbox.submit(7, "Hello");
    await vi.waitFor(() => expect(tab.outbox.entries[0]?.state).toBe("failed"));
    tab.outbox.discard(tab.outbox.entries[0]?.clientMessageId ?? "");
    expect(tab.texts()).toEqual([]);
    await vi.waitFor(async () => expect(await store.all(ada.id)).toEqual([]));
  });

  it("gives up a message after repeated internal errors", async () => {
    const tab = openTab(async () => ({ kind: "retry", retryAfter: null, isServerError: true }));
    tab.outbox.submit(7, "poison");
    await vi.waitFor(() => {
      tab.pauses[0]?.end();
      expect(tab.outbox.entries[0]?.state).toBe("failed");
    });
  });
});

describe("several tabs", () => {
  it("post an entry only once", async () => {
    const posts: string[] = [];
    const server = async (entry: OutboxEntry) => {
      posts.push(entry.text);
      return sent(entry);
    };
    for (const [position, text] of ["one", "two", "three"].entries()) {
      await store.put({
        clientMessageId: `id-${text}`,
        userId: ada.id,
        roomId: 7,
        text,
        writtenAt: 0,
        position,
        state: "waiting",
        reason: null,
      });
    }
    const tabs = [openTab(server), openTab(server)];
    await Promise.all(tabs.map(({ outbox }) => outbox.start()));
    await vi.waitFor(() => expect(tabs.flatMap(({ texts }) => texts())).toEqual([]));
    expect(posts).toEqual(["one", "two", "three"]);
  });

  it("show a message that another tab sent, and remove it from the unsent ones", async () => {
    const tab = openTab(async () => later);
    tab.outbox.submit(7, "Hello");
    const id = tab.outbox.entries[0]?.clientMessageId ?? "";
    await tab.outbox.receive({
      kind: "sent",
      message: aMessage({ client_message_id: id, creator: ada }),
    });
    expect(tab.arrived).toEqual([id]);
    expect(tab.texts()).toEqual([]);
  });

  it("keep a message that could not be saved", async () => {
    const full: OutboxStore = {
      ...store,
      put: () => Promise.reject(new DOMException("full", "QuotaExceededError")),
    };
    const warning = vi.spyOn(console, "warn").mockImplementation(() => {});
    const posts: string[] = [];
    const tab = openTab(
      async (entry) => {
        posts.push(entry.text);
        return sent(entry);
      },
      { store: full },
    );
    tab.outbox.submit(7, "Hello");
    await tab.outbox.receive({ kind: "changed" });
    await vi.waitFor(() => expect(posts).toEqual(["Hello"]));
    expect(warning).toHaveBeenCalled();
    warning.mockRestore();
  });
});

describe("the outcome of a response", () => {
  it.each([
    [new Unreachable(), "retry"],
    [new Problem(503, "full"), "retry"],
    [new Problem(429, "slow down"), "retry"],
    [new Problem(500, "broken"), "retry"],
    [new Problem(401, "who are you"), "signed_out"],
    [new Problem(403, "no"), "refused"],
    [new Problem(404, "gone"), "refused"],
    [new Problem(409, "taken"), "refused"],
    [new Problem(422, "too long"), "refused"],
  ])("%s is %s", (error, kind) => {
    expect(outcomeFromError(error).kind).toBe(kind);
  });

  it("uses the error of the field as the reason", () => {
    const problem = new Problem(422, "Not accepted", { text: "The message is too long." });
    expect(outcomeFromError(problem)).toEqual({
      kind: "refused",
      reason: "The message is too long.",
    });
  });
});
