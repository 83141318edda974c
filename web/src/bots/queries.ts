import {
  type InfiniteData,
  infiniteQueryOptions,
  type QueryClient,
  queryOptions,
} from "@tanstack/react-query";
import { nextPageOptions, type Page } from "../api/pagination";
import { invalidatePeople } from "../people/queries";
import { type Bot, type Delivery, listBots, listDeliveries } from "./api";

const pageSize = 20;

/**
 * How often a log with waiting deliveries is polled, in milliseconds. After `quickPolls` the
 * interval grows.
 */
const pollInterval = 4_000;
const maxPollInterval = 60_000;
const quickPolls = 10;

const key = ["bots"] as const;

/** All bots, by name. */
export const botsQuery = queryOptions({
  queryKey: [...key, "list"] as const,
  queryFn: ({ signal }) => listBots(signal),
});

/** A bot's webhook deliveries, newest first. */
export const deliveriesQuery = (botId: number) =>
  infiniteQueryOptions({
    queryKey: [...key, botId, "deliveries"] as const,
    queryFn: ({ pageParam, signal }) =>
      listDeliveries(botId, { limit: pageSize, ...pageParam }, signal),
    ...nextPageOptions,
    // No events exist for deliveries, so the log is polled while one is waiting. Not in background
    // tabs.
    refetchInterval: ({ state: { data, dataUpdateCount } }) => {
      if (!hasWaitingDelivery(data)) {
        pollingFrom.set(botId, dataUpdateCount);
        return false;
      }
      const polls = dataUpdateCount - (pollingFrom.get(botId) ?? 0);
      return Math.min(maxPollInterval, pollInterval * Math.max(1, polls - quickPolls));
    },
  });

/** The update count of a bot's log when nothing was waiting, or when something was sent. */
const pollingFrom = new Map<number, number>();

function hasWaitingDelivery(data: InfiniteData<Page<Delivery>> | undefined): boolean {
  return data?.pages.some(({ items }) => items.some(({ state }) => state === "waiting")) ?? false;
}

/** Updates a bot in the cache. */
export function updateCachedBot(cache: QueryClient, bot: Bot) {
  cache.setQueryData(botsQuery.queryKey, (bots) => bots && withBot(bots, bot));
  invalidatePeople(cache);
}

/** Removes a deleted bot from the cache. */
export function removeCachedBot(cache: QueryClient, id: number) {
  cache.setQueryData(botsQuery.queryKey, (bots) => bots?.filter((bot) => bot.id !== id));
  cache.removeQueries({ queryKey: [...key, id] });
  pollingFrom.delete(id);
  invalidatePeople(cache);
}

/** Replaces or adds a bot; sorted by name. */
export function withBot(bots: readonly Bot[], bot: Bot): Bot[] {
  const others = bots.filter(({ id }) => id !== bot.id);
  return [...others, bot].sort((a, b) => a.name.localeCompare(b.name));
}

/** Invalidates the log and polls it quickly again, for example after sending something. */
export function refreshDeliveries(cache: QueryClient, botId: number) {
  const { queryKey } = deliveriesQuery(botId);
  pollingFrom.set(botId, cache.getQueryState(queryKey)?.dataUpdateCount ?? 0);
  cache.invalidateQueries({ queryKey });
  cache.invalidateQueries({ queryKey: botsQuery.queryKey });
}
