// A page to show components on, in tests.
import { act, type ReactNode } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, vi } from "vitest";

/** Gives each test of a file an empty page. Answers how to show something on it, and where that stands. */
export function emptyPages() {
  let root: Root;
  let page: HTMLElement;
  beforeEach(() => {
    vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
    page = document.createElement("div");
    document.body.append(page);
    root = createRoot(page);
  });
  afterEach(() => {
    act(() => root.unmount());
    page.remove();
    vi.unstubAllGlobals();
  });
  return {
    show(node: ReactNode): HTMLElement {
      act(() => root.render(node));
      return page;
    },
    /** The button that is called so. */
    button(name: string): HTMLButtonElement {
      const all = [...page.querySelectorAll("button")];
      const found = all.find((one) =>
        (one.getAttribute("aria-label") ?? one.textContent ?? "").startsWith(name),
      );
      if (!found) throw new Error(`there is no button “${name}” on the page`);
      return found;
    },
  };
}
