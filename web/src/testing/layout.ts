// A fake layout for scrolling lists, because the test DOM has none.
import { vi } from "vitest";

/**
 * A box of this height, in CSS pixels. Elements in it with `data-height` are stacked below each
 * other.
 */
export function mockLayout(box: string, height: number) {
  const parts = (within: Element) => [...within.querySelectorAll<HTMLElement>("[data-height]")];
  const sum = (some: readonly HTMLElement[]) =>
    some.reduce((total, { dataset }) => total + Number(dataset.height), 0);
  const heightOf = (element: Element) => {
    if (element.matches(box)) return height;
    return sum(
      element instanceof HTMLElement && element.dataset.height ? [element] : parts(element),
    );
  };
  const topOf = (element: Element) => {
    const list = element.parentElement?.closest(box);
    if (!list) return 0;
    const isBefore = (other: Element) =>
      (element.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_PRECEDING) !== 0;
    return sum(parts(list).filter(isBefore)) - list.scrollTop;
  };
  vi.spyOn(Element.prototype, "getBoundingClientRect").mockImplementation(function (this: Element) {
    return new DOMRect(0, topOf(this), 100, heightOf(this));
  });
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockImplementation(function (
    this: Element,
  ) {
    return heightOf(this);
  });
  vi.spyOn(HTMLElement.prototype, "scrollHeight", "get").mockImplementation(function (
    this: Element,
  ) {
    return sum(parts(this));
  });
}
