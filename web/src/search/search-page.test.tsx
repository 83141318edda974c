import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { MemoryRouter } from "react-router";
import { expect, it, vi } from "vitest";
import { setUpPage } from "../testing/page";
import SearchPage from "./search-page";

vi.mock("./use-search-enabled", () => ({ useSearchEnabled: () => true }));
vi.mock("./results", () => ({ Results: () => null }));
vi.mock("./recent-searches", () => ({ RecentSearches: () => null }));
vi.mock("../api/client", () => ({ api: { POST: vi.fn() }, unwrap: () => new Promise(() => {}) }));
const pointer = vi.hoisted(() => ({ isFine: true }));
vi.mock("../ui/media", () => ({ finePointer: "", matchesMedia: () => pointer.isFine }));

const { show, button, press } = setUpPage();

function search(query: string) {
  const path = `/searches?${new URLSearchParams({ q: query })}`;
  return show(
    <QueryClientProvider client={new QueryClient()}>
      <MemoryRouter initialEntries={[path]}>
        <SearchPage />
      </MemoryRouter>
    </QueryClientProvider>,
  );
}

it.each([
  [true, "search-bar__field"],
  [false, "room search"],
])("keeps the focus near a removed filter: with a mouse %s", (isFine, last) => {
  pointer.isFine = isFine;
  search("lamp from:ada in:hall has:link");
  press("from");
  expect(document.activeElement).toBe(button("in"));
  press("has");
  expect(document.activeElement).toBe(button("in"));
  press("in");
  expect(document.activeElement?.className).toBe(last);
});
