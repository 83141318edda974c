import { afterEach, expect, it, vi } from "vitest";
import type { ScrollPosition } from "../messages/feed";
import { mockLayout } from "../testing/layout";
import { setUpPage } from "../testing/page";
import { useScrollAnchor } from "./use-scroll-anchor";

const { show } = setUpPage();
afterEach(() => vi.restoreAllMocks());

const start: ScrollPosition = { messageId: 5, top: 30 };
const stay = () => {};

function Room({ first, editing }: { first: number; editing?: number }) {
  const anchor = useScrollAnchor(start, stay);
  const ids = Array.from({ length: 30 - first }, (_, index) => first + index);
  return (
    <div className="list" ref={anchor.list} onScroll={anchor.onScroll}>
      <div ref={anchor.content}>
        {ids.map((id) => (
          <article key={id} className="message" data-row="" data-message-id={id}>
            <h3 className="message__meta" data-height={id === first ? 24 : 0}>
              Ada
            </h3>
            <div
              key={id === editing ? "editor" : "words"}
              className={id === editing ? "message__editing" : "message__line"}
              data-height={id === editing ? 120 : 40}
            />
          </article>
        ))}
      </div>
    </div>
  );
}

/** The position of the text of message 5. */
const place = (page: HTMLElement) =>
  page.querySelector("[data-message-id='5'] > div")?.getBoundingClientRect().top;

it("keeps the text in place when the author's name disappears and while editing", () => {
  mockLayout(".list", 400);
  const page = show(<Room first={5} />);
  const before = place(page);
  show(<Room first={1} />);
  expect(place(page)).toBe(before);
  show(<Room first={5} />);
  show(<Room first={5} editing={5} />);
  expect(place(page)).toBe(before);
  show(<Room first={5} />);
  expect(place(page)).toBe(before);
});
