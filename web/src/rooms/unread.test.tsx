import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { aRoom } from "../testing/builders";
import { roomsQuery } from "./queries";
import { useAppBadge } from "./unread";

const badge = { setAppBadge: vi.fn(async () => {}), clearAppBadge: vi.fn(async () => {}) };

let root: Root;

beforeEach(() => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  Object.assign(navigator, badge);
  root = createRoot(document.createElement("div"));
});
afterEach(() => {
  act(() => root.unmount());
  for (const name of Object.keys(badge)) Reflect.deleteProperty(navigator, name);
  vi.clearAllMocks();
  vi.unstubAllGlobals();
});

function Badge() {
  useAppBadge();
  return null;
}

it("shows how much is unread, also after the worker has counted meanwhile", () => {
  const cache = new QueryClient();
  cache.setQueryData(roomsQuery.queryKey, [aRoom({ unread: true }), aRoom({ id: 8 })]);
  act(() =>
    root.render(
      <QueryClientProvider client={cache}>
        <Badge />
      </QueryClientProvider>,
    ),
  );
  expect(badge.setAppBadge.mock.calls).toEqual([[1]]);
  document.dispatchEvent(new Event("visibilitychange"));
  expect(badge.setAppBadge.mock.calls).toEqual([[1], [1]]);
});
