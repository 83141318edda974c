import { QueryClient } from "@tanstack/react-query";
import { expect, it } from "vitest";
import { aUser } from "../testing/builders";
import type { Bot } from "./api";
import { botsQuery, deliveriesQuery, forgetBot, learnBot, withBot } from "./queries";

const aBot = (id: number, name: string): Bot => ({
  ...aUser({ id, name, role: "bot" }),
  key: `${id}-token`,
  webhook_url: null,
  webhook_secret: null,
  subscribe_all: false,
  last_delivery: null,
});

it("keeps bots in the order of their names, each once", () => {
  const bots = [aBot(1, "Alarm"), aBot(2, "Deploy")];
  expect(withBot(bots, aBot(3, "Beacon")).map(({ name }) => name)).toEqual([
    "Alarm",
    "Beacon",
    "Deploy",
  ]);
  expect(withBot(bots, aBot(1, "Zebra")).map(({ id }) => id)).toEqual([2, 1]);
});

it("forgets a bot with its log", () => {
  const cache = new QueryClient();
  cache.setQueryData(botsQuery.queryKey, [aBot(1, "Alarm"), aBot(2, "Deploy")]);
  learnBot(cache, { ...aBot(2, "Deploy"), key: "2-other" });
  expect(cache.getQueryData(botsQuery.queryKey)?.[1]?.key).toBe("2-other");
  const log = { pages: [{ items: [], next: null }], pageParams: [{}] };
  cache.setQueryData(deliveriesQuery(2).queryKey, log);
  forgetBot(cache, 2);
  expect(cache.getQueryData(botsQuery.queryKey)).toHaveLength(1);
  expect(cache.getQueryData(deliveriesQuery(2).queryKey)).toBeUndefined();
});
