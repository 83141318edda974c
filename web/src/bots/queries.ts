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

/** How often a log with waiting deliveries is read anew, in milliseconds; after a few times ever more seldom. */
const pollInterval = 4_000;
const maxPollInterval = 60_000;
const quickPolls = 10;

const key = ["bots"] as const;

/** All bots, by name. */
export const botsQuery = queryOptions({
  queryKey: [...key, "list"] as const,
  queryFn: ({ signal }) => listBots(signal),
});

/** What a bot's webhook was sent, the newest first. */
export const deliveriesQuery = (botId: number) =>
  infiniteQueryOptions({
    queryKey: [...key, botId, "deliveries"] as const,
    queryFn: ({ pageParam, signal }) =>
      listDeliveries(botId, { limit: pageSize, ...pageParam }, signal),
    ...nextPageOptions,
    // Nobody tells of deliveries: as long as one is under way, it is asked for. Not while nobody looks.
    refetchInterval: ({ state: { data, dataUpdateCount } }) => {
      if (!hasWaitingDelivery(data)) {
        pollingFrom.set(botId, dataUpdateCount);
        return false;
      }
      const asked = dataUpdateCount - (pollingFrom.get(botId) ?? 0);
      return Math.min(maxPollInterval, pollInterval * Math.max(1, asked - quickPolls));
    },
  });

/** How often the log of a bot had been read when last nothing was under way, or somebody sent something. */
const pollingFrom = new Map<number, number>();

function hasWaitingDelivery(data: InfiniteData<Page<Delivery>> | undefined): boolean {
  return data?.pages.some(({ items }) => items.some(({ state }) => state === "waiting")) ?? false;
}

/** What was just learned about a bot. */
export function updateCachedBot(cache: QueryClient, bot: Bot) {
  cache.setQueryData(botsQuery.queryKey, (bots) => bots && withBot(bots, bot));
  invalidatePeople(cache);
}

/** A bot is no more. */
export function removeCachedBot(cache: QueryClient, id: number) {
  cache.setQueryData(botsQuery.queryKey, (bots) => bots?.filter((bot) => bot.id !== id));
  cache.removeQueries({ queryKey: [...key, id] });
  pollingFrom.delete(id);
  invalidatePeople(cache);
}

/** The list with this bot as it is now, by name. */
export function withBot(bots: readonly Bot[], bot: Bot): Bot[] {
  const others = bots.filter(({ id }) => id !== bot.id);
  return [...others, bot].sort((a, b) => a.name.localeCompare(b.name));
}

/** The log is read anew, as after sending something: what becomes of that is asked for often at first. */
export function refreshDeliveries(cache: QueryClient, botId: number) {
  const { queryKey } = deliveriesQuery(botId);
  pollingFrom.set(botId, cache.getQueryState(queryKey)?.dataUpdateCount ?? 0);
  cache.invalidateQueries({ queryKey });
  cache.invalidateQueries({ queryKey: botsQuery.queryKey });
}
