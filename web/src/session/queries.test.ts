import { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { forgetUser, notedUser, noteUser } from "../storage/current-user";
import { aUser } from "../testing/builders";
import { beginSession, meQuery } from "./queries";

const push = vi.hoisted(() => ({ fallSilent: vi.fn(async () => {}) }));
const offline = vi.hoisted(() => ({ dropKept: vi.fn(async () => {}) }));
vi.mock("../device/push-subscription", () => push);
vi.mock("../offline/clear-offline-data", () => offline);

const ada = aUser({ id: 1 });
const grace = aUser({ id: 2 });

let cache: QueryClient;

beforeEach(() => {
  cache = new QueryClient();
  vi.clearAllMocks();
});
afterEach(forgetUser);

it("begins with nothing of whoever was here before", () => {
  noteUser(ada.id);
  cache.setQueryData(["messages", 7], ["of Ada"]);
  beginSession(cache, grace);
  expect(cache.getQueryData(["messages", 7])).toBeUndefined();
  expect(cache.getQueryData(meQuery.queryKey)).toEqual(grace);
  expect(notedUser()).toBe(grace.id);
  expect(push.fallSilent).toHaveBeenCalledOnce();
  expect(offline.dropKept).toHaveBeenCalledWith(null);
});

it("keeps what was kept for the same person, who is still notified", () => {
  noteUser(ada.id);
  beginSession(cache, ada);
  expect(push.fallSilent).not.toHaveBeenCalled();
  expect(offline.dropKept).toHaveBeenCalledWith(ada.id);
});
