import { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Problem } from "../api/problem";
import type { Message } from "../api/types";
import { aMessage, messages } from "../testing/builders";
import { RoomFeed, windowKey } from "./feed";
import { fetchPage } from "./fetch-page";

vi.mock("./fetch-page", () => ({ fetchPage: vi.fn() }));
const fetched = vi.mocked(fetchPage);

const signal = new AbortController().signal;
let cache: QueryClient;
let feed: RoomFeed;

beforeEach(() => {
  cache = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  feed = new RoomFeed(cache, 7);
});
afterEach(() => {
  cache.clear();
  fetched.mockReset();
});

/** Opens the room with these messages as its newest page. */
async function open(page: Message[]) {
  fetched.mockResolvedValueOnce(page);
  await cache.fetchQuery({
    queryKey: windowKey(7),
    queryFn: (context) => feed.load(context.signal),
  });
}

const created = (message: Message) => ({ type: "message.created" as const, message });
const removed = (id: number) => ({
  type: "message.removed" as const,
  message_id: id,
  client_message_id: `client-${id}`,
});
const ids = () => feed.window?.messages.map(({ id }) => id);

describe("a link to a missing message", () => {
  const around = async () => {
    fetched.mockRejectedValueOnce(new Problem(404, "gone"));
    fetched.mockResolvedValueOnce(messages(1, 3));
    return feed.load(signal);
  };

  it("opens the newest messages and reports it once", async () => {
    const missing = vi.fn();
    feed.onMissing(missing);
    await feed.open(2);
    expect((await around()).messages).toHaveLength(3);
    expect(missing).toHaveBeenCalledOnce();
    expect(feed.followsEnd).toBe(true);
    await feed.load(signal).catch(() => {});
    expect(missing).toHaveBeenCalledOnce();
  });

  it("scrolls to the end of the loaded messages", async () => {
    await open(messages(5, 7));
    const jumped = vi.fn();
    feed.onJump(jumped);
    fetched.mockRejectedValueOnce(new Problem(404, "gone"));
    fetched.mockResolvedValueOnce(messages(5, 8));
    await feed.open(2);
    expect(ids()).toEqual([5, 6, 7, 8]);
    expect(jumped).toHaveBeenCalledOnce();
  });

  it("is reported from an earlier scroll position", async () => {
    const missing = vi.fn();
    feed.onMissing(missing);
    feed.position = { messageId: 2, top: 0 };
    await feed.open("newest");
    await around();
    expect(missing).not.toHaveBeenCalled();
  });
});

describe("a page and live events", () => {
  it("applies events that arrived while the page was loading", async () => {
    let deliver = (_page: Message[]) => {};
    fetched.mockReturnValueOnce(new Promise((resolve) => (deliver = resolve)));
    const loading = feed.load(signal);
    feed.receive(created(aMessage({ id: 4 })));
    feed.receive(removed(2));
    deliver(messages(1, 3));
    expect((await loading).messages.map(({ id }) => id)).toEqual([1, 3, 4]);
  });
});

describe("a late response", () => {
  it("does not bring back a message that was deleted in the meantime", async () => {
    await open(messages(1, 3));
    feed.receive(created(aMessage({ id: 4 })));
    feed.receive(removed(4));
    feed.addFromResponse(aMessage({ id: 4 }));
    expect(ids()).toEqual([1, 2, 3]);
  });

  it("is used again after the deletion was undone", async () => {
    await open(messages(1, 3));
    feed.receive(removed(2));
    feed.receive(created(aMessage({ id: 2 })));
    feed.addFromResponse(aMessage({ id: 2 }));
    expect(ids()).toEqual([1, 2, 3]);
  });
});

describe("new messages", () => {
  it("are reported once, by response or event, and only the newest", async () => {
    await open(messages(1, 3));
    const arrived: number[] = [];
    feed.onNewMessage(({ id }) => arrived.push(id));
    feed.addFromResponse(aMessage({ id: 4 }));
    feed.receive(created(aMessage({ id: 4 })));
    feed.receive(created(aMessage({ id: 5 })));
    expect(arrived).toEqual([4, 5]);
  });

  it("are not reported for messages of a page or for an undone deletion", async () => {
    await open(messages(1, 3));
    const arrived: number[] = [];
    feed.onNewMessage(({ id }) => arrived.push(id));
    feed.receive(created(aMessage({ id: 3 })));
    feed.receive(removed(3));
    feed.receive(created(aMessage({ id: 3 })));
    feed.receive(created(aMessage({ id: 2 })));
    expect(arrived).toEqual([]);
  });

  it("are reported when the window does not reach the end", async () => {
    await open(messages(1, 320));
    feed.position = { messageId: 5, top: 0 };
    feed.receive(created(aMessage({ id: 321 })));
    expect(feed.window?.atEnd).toBe(false);
    const arrived: number[] = [];
    feed.onNewMessage(({ id }) => arrived.push(id));
    feed.receive(created(aMessage({ id: 322 })));
    expect(arrived).toEqual([322]);
    expect(ids()?.at(-1)).toBe(300);
  });
});

describe("the scroll position", () => {
  it("decides which end is cut", async () => {
    await open(messages(1, 320));
    feed.receive(created(aMessage({ id: 321 })));
    expect(ids()?.[0]).toBe(22);
    expect(feed.window?.atEnd).toBe(true);
  });

  it("is where a window is reloaded", async () => {
    await open(messages(1, 40));
    feed.position = { messageId: 12, top: 30 };
    fetched.mockResolvedValueOnce(messages(1, 40));
    await feed.load(signal);
    await feed.open("newest");
    fetched.mockResolvedValueOnce(messages(1, 40));
    await feed.load(signal);
    expect(fetched).toHaveBeenLastCalledWith(7, { around: 12 }, signal);
  });

  it("is the end after jumping there", async () => {
    await open(messages(1, 40));
    feed.position = { messageId: 12, top: 30 };
    const jumped = vi.fn();
    feed.onJump(jumped);
    expect(await feed.jumpToNewest()).toBe(true);
    expect(jumped).toHaveBeenCalledOnce();
    expect(feed.followsEnd).toBe(true);
  });
});

it("reloads when every loaded message was deleted", async () => {
  await open(messages(1, 40));
  const refetch = vi.spyOn(cache, "refetchQueries");
  for (const id of messages(1, 40).map((message) => message.id)) feed.receive(removed(id));
  expect(ids()).toEqual([]);
  await feed.loadOlder();
  expect(refetch).toHaveBeenCalledOnce();
});
