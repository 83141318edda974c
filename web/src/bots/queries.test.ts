import { focusManager, InfiniteQueryObserver, QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { aUser } from "../testing/builders";
import { type Bot, type Delivery, listDeliveries } from "./api";
import {
  botsQuery,
  deliveriesQuery,
  refreshDeliveries,
  removeCachedBot,
  updateCachedBot,
  withBot,
} from "./queries";

vi.mock("./api", async (original) => ({
  ...(await original<object>()),
  listDeliveries: vi.fn(),
}));
const listDeliveriesMock = vi.mocked(listDeliveries);

const aBot = (id: number, name: string): Bot => ({
  ...aUser({ id, name, role: "bot" }),
  key: `${id}-token`,
  webhook_url: null,
  webhook_secret: null,
  subscribe_all: false,
  last_delivery: null,
});

it("sorts bots by name, each once", () => {
  const bots = [aBot(1, "Alarm"), aBot(2, "Deploy")];
  expect(withBot(bots, aBot(3, "Beacon")).map(({ name }) => name)).toEqual([
    "Alarm",
    "Beacon",
    "Deploy",
  ]);
  expect(withBot(bots, aBot(1, "Zebra")).map(({ id }) => id)).toEqual([2, 1]);
});

it("removes a bot with its log", () => {
  const cache = new QueryClient();
  cache.setQueryData(botsQuery.queryKey, [aBot(1, "Alarm"), aBot(2, "Deploy")]);
  updateCachedBot(cache, { ...aBot(2, "Deploy"), key: "2-other" });
  expect(cache.getQueryData(botsQuery.queryKey)?.[1]?.key).toBe("2-other");
  const log = { pages: [{ items: [], next: null }], pageParams: [{}] };
  cache.setQueryData(deliveriesQuery(2).queryKey, log);
  removeCachedBot(cache, 2);
  expect(cache.getQueryData(botsQuery.queryKey)).toHaveLength(1);
  expect(cache.getQueryData(deliveriesQuery(2).queryKey)).toBeUndefined();
});

describe("the log of a bot", () => {
  const minutes = (count: number) => vi.advanceTimersByTimeAsync(count * 60_000);
  let cache: QueryClient;
  let stop: () => void;

  /** Sets the state of the only delivery. */
  const setState = (state: Delivery["state"]) =>
    listDeliveriesMock.mockResolvedValue({ items: [{ id: 1, state } as Delivery], next: null });

  beforeEach(async () => {
    vi.useFakeTimers();
    listDeliveriesMock.mockReset();
    setState("waiting");
    cache = new QueryClient();
    stop = new InfiniteQueryObserver(cache, deliveriesQuery(1)).subscribe(() => {});
    await vi.advanceTimersByTimeAsync(0);
  });
  afterEach(() => {
    stop();
    removeCachedBot(cache, 1);
    focusManager.setFocused(undefined);
    vi.useRealTimers();
  });

  it("is polled while a delivery is waiting, less and less often, and then no more", async () => {
    await minutes(1);
    const quickly = listDeliveriesMock.mock.calls.length;
    expect(quickly).toBeGreaterThan(10);
    await minutes(60);
    expect(listDeliveriesMock.mock.calls.length).toBeLessThan(quickly + 80);
    setState("done");
    await minutes(2);
    listDeliveriesMock.mockClear();
    await minutes(60);
    expect(listDeliveriesMock).not.toHaveBeenCalled();
  });

  it("is not polled in a background tab", async () => {
    focusManager.setFocused(false);
    listDeliveriesMock.mockClear();
    await minutes(10);
    expect(listDeliveriesMock).not.toHaveBeenCalled();
  });

  it.each(["something was sent", "nothing was under way"])(
    "is polled quickly again after %s",
    async (reason) => {
      await minutes(30);
      if (reason === "nothing was under way") {
        setState("done");
        await minutes(2);
        setState("waiting");
        await cache.invalidateQueries({ queryKey: deliveriesQuery(1).queryKey });
      } else refreshDeliveries(cache, 1);
      listDeliveriesMock.mockClear();
      await minutes(0.5);
      expect(listDeliveriesMock.mock.calls.length).toBeGreaterThan(5);
    },
  );
});
