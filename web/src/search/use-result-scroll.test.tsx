import { afterEach, expect, it, vi } from "vitest";
import { mockLayout } from "../testing/layout";
import { setUpPage } from "../testing/page";
import { useResultScroll } from "./use-result-scroll";

const { show } = setUpPage();
afterEach(() => vi.restoreAllMocks());

function Results({ ids }: { ids: readonly number[] }) {
  const { list, onScroll } = useResultScroll(true, null);
  return (
    <div className="list" ref={list} onScroll={onScroll}>
      <ol>
        {ids.map((id) => (
          <li key={id} data-result={id} data-height={100} />
        ))}
      </ol>
    </div>
  );
}

const numbers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

it("keeps the scroll position when results above it change", () => {
  mockLayout(".list", 300);
  const page = show(<Results ids={numbers(1, 40)} />);
  const list = page.querySelector(".list");
  if (!list) throw new Error("no list");
  const top = () => page.querySelector("[data-result='21']")?.getBoundingClientRect().top;
  list.scrollTop = 1_970;
  list.dispatchEvent(new Event("scroll"));
  expect(top()).toBe(30);
  // Two messages are new, and the oldest two have moved to the next page.
  show(<Results ids={numbers(3, 42)} />);
  expect(top()).toBe(30);
  show(<Results ids={numbers(-40, 42)} />);
  expect(top()).toBe(30);
  // The topmost visible result was deleted.
  show(<Results ids={numbers(-40, 42).filter((id) => id !== 20)} />);
  expect(top()).toBe(30);
});
