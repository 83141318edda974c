import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { MemoryRouter } from "react-router";
import { beforeEach, expect, it, vi } from "vitest";
import { unwrapPage } from "../api/pagination";
import { Problem } from "../api/problem";
import type { FoundMessage } from "../api/types";
import { aMessage } from "../testing/builders";
import { setUpPage } from "../testing/page";
import { Results } from "./results";

const around = vi.hoisted(() => ({ connection: "connected" }));
vi.mock("../cable/context", () => ({ useConnectionState: () => around.connection }));
vi.mock("../api/client", () => ({ api: { GET: () => undefined } }));
vi.mock("../api/pagination", async (original) => ({
  ...(await original<object>()),
  unwrapPage: vi.fn(),
}));
/** How long rendering may take, in milliseconds. */
const renderTimeout = 5_000;
const fetchPageMock = vi.mocked(unwrapPage);

const { show } = setUpPage();
let cache: QueryClient;

beforeEach(() => {
  around.connection = "connected";
  cache = new QueryClient({
    defaultOptions: { queries: { refetchOnReconnect: false, retry: false } },
  });
  fetchPageMock.mockReset();
});

/** Sets the server's results. */
function finds(...ids: number[]) {
  const items = ids.map((id) => ({
    ...aMessage({ id }),
    room: { id: 1, name: "Hall", type: "open" },
    snippet: `words ${id}`,
  }));
  fetchPageMock.mockResolvedValue({ items: items as unknown as FoundMessage[], next: null });
}

/** Renders the results, or another page instead. */
function screen(isShown = true) {
  const page = show(
    <QueryClientProvider client={cache}>
      <MemoryRouter>
        {isShown && <Results query="words" visit="1" place={null} onCount={() => {}} />}
      </MemoryRouter>
    </QueryClientProvider>,
  );
  return () =>
    [...page.querySelectorAll<HTMLElement>("[data-result]")].map((one) => one.dataset.result);
}

it("refetches when the user returns, and shows the cached results in the meantime", async () => {
  finds(1, 2);
  const shown = screen();
  await vi.waitFor(() => expect(shown()).toEqual(["1", "2"]), renderTimeout);
  screen(false);
  finds(2);
  screen();
  expect(shown()).toEqual(["1", "2"]);
  await vi.waitFor(() => expect(shown()).toEqual(["2"]), renderTimeout);
});

it("refetches when the connection returns", async () => {
  finds(1, 2);
  const shown = screen();
  await vi.waitFor(() => expect(shown()).toEqual(["1", "2"]), renderTimeout);
  around.connection = "offline";
  screen();
  finds(1);
  around.connection = "connected";
  screen();
  await vi.waitFor(() => expect(shown()).toEqual(["1"]), renderTimeout);
  expect(fetchPageMock).toHaveBeenCalledTimes(2);
});

it("requests once while a new page connects, and again if the request failed until then", async () => {
  around.connection = "connecting";
  finds(1);
  const shown = screen();
  await vi.waitFor(() => expect(shown()).toEqual(["1"]), renderTimeout);
  around.connection = "connected";
  screen();
  expect(fetchPageMock).toHaveBeenCalledOnce();
  screen(false);
  cache.clear();
  around.connection = "connecting";
  fetchPageMock.mockReset();
  fetchPageMock.mockRejectedValueOnce(new Problem(503, "not yet"));
  screen();
  await vi.waitFor(() => expect(shown()).toEqual([]), renderTimeout);
  await vi.waitFor(() => expect(cache.isFetching()).toBe(0), renderTimeout);
  finds(2);
  around.connection = "connected";
  screen();
  await vi.waitFor(() => expect(shown()).toEqual(["2"]), renderTimeout);
});
