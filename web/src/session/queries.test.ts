import { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { clearCurrentUserId, currentUserId, setCurrentUserId } from "../storage/current-user";
import { aUser } from "../testing/builders";
import { beginSession, meQuery } from "./queries";

const push = vi.hoisted(() => ({ unsubscribeDevice: vi.fn(async () => {}) }));
const offline = vi.hoisted(() => ({ clearOfflineData: vi.fn(async () => {}) }));
vi.mock("../device/push-subscription", () => push);
vi.mock("../offline/clear-offline-data", () => offline);

const ada = aUser({ id: 1 });
const grace = aUser({ id: 2 });

let cache: QueryClient;

beforeEach(() => {
  cache = new QueryClient();
  vi.clearAllMocks();
});
afterEach(clearCurrentUserId);

it("starts with nothing of the previous user", () => {
  setCurrentUserId(ada.id);
  cache.setQueryData(["messages", 7], ["of Ada"]);
  beginSession(cache, grace);
  expect(cache.getQueryData(["messages", 7])).toBeUndefined();
  expect(cache.getQueryData(meQuery.queryKey)).toEqual(grace);
  expect(currentUserId()).toBe(grace.id);
  expect(push.unsubscribeDevice).toHaveBeenCalledOnce();
  expect(offline.clearOfflineData).toHaveBeenCalledWith(null);
});

it("keeps cached data and the push subscription of the same user", () => {
  setCurrentUserId(ada.id);
  beginSession(cache, ada);
  expect(push.unsubscribeDevice).not.toHaveBeenCalled();
  expect(offline.clearOfflineData).toHaveBeenCalledWith(ada.id);
});
