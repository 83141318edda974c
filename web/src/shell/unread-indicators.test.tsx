import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { roomsQuery } from "../rooms/queries";
import { aRoom } from "../testing/builders";
import { setUpPage } from "../testing/page";
import { useAppBadge } from "./unread-indicators";

const badge = { setAppBadge: vi.fn(async () => {}), clearAppBadge: vi.fn(async () => {}) };

const { show } = setUpPage();

beforeEach(() => {
  Object.assign(navigator, badge);
});
afterEach(() => {
  for (const name of Object.keys(badge)) Reflect.deleteProperty(navigator, name);
  vi.clearAllMocks();
});

function Badge() {
  useAppBadge();
  return null;
}

it("shows the unread count, and updates it when the page becomes visible", () => {
  const cache = new QueryClient();
  cache.setQueryData(roomsQuery.queryKey, [aRoom({ unread: true }), aRoom({ id: 8 })]);
  show(
    <QueryClientProvider client={cache}>
      <Badge />
    </QueryClientProvider>,
  );
  expect(badge.setAppBadge.mock.calls).toEqual([[1]]);
  document.dispatchEvent(new Event("visibilitychange"));
  expect(badge.setAppBadge.mock.calls).toEqual([[1], [1]]);
});
