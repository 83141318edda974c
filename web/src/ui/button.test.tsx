import { act } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Button } from "./button";

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

it("keeps the focus while it is busy, and takes no press", () => {
  const press = vi.fn();
  const send = vi.fn((event: Event) => event.preventDefault());
  page.addEventListener("submit", send);
  const show = (busy: boolean) => {
    const button = (
      <Button type="submit" busy={busy} onClick={press}>
        Send
      </Button>
    );
    act(() => root.render(<form>{button}</form>));
  };
  show(false);
  const button = page.querySelector("button");
  button?.focus();
  act(() => button?.click());
  expect([press.mock.calls.length, send.mock.calls.length]).toEqual([1, 1]);
  show(true);
  expect(button?.disabled).toBe(false);
  expect(document.activeElement).toBe(button);
  act(() => button?.click());
  expect([press.mock.calls.length, send.mock.calls.length]).toEqual([1, 1]);
});
