// Renders components in tests.
import { act, type ReactNode } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach } from "vitest";

/** Creates an empty page for each test. Returns functions that render into it and click buttons. */
export function setUpPage() {
  let root: Root;
  let page: HTMLElement;
  beforeEach(() => {
    page = document.createElement("div");
    document.body.append(page);
    root = createRoot(page);
  });
  afterEach(() => {
    actAndWait(() => root.unmount());
    page.remove();
  });

  const button = (name: string): HTMLButtonElement => {
    const all = [...page.querySelectorAll("button")];
    const nameOf = (one: Element) => one.getAttribute("aria-label") ?? one.textContent ?? "";
    const found = all.find((one) => nameOf(one).startsWith(name));
    if (!found) throw new Error(`there is no button “${name}” on the page`);
    return found;
  };
  return {
    show: (node: ReactNode): HTMLElement => {
      actAndWait(() => root.render(node));
      return page;
    },
    /** The button whose name starts with this text. */
    button,
    /** Focuses and clicks a button, as by keyboard. */
    press: (name: string) => {
      button(name).focus();
      actAndWait(() => button(name).click());
    },
  };
}

/** Runs `work` and waits until React has rendered its effects. */
export function actAndWait(work: () => void) {
  const flag = globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean };
  flag.IS_REACT_ACT_ENVIRONMENT = true;
  act(work);
  flag.IS_REACT_ACT_ENVIRONMENT = false;
}
