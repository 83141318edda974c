import { act, type ReactNode } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ErrorBoundary } from "./lazy-boundary";

let root: Root;
let page: HTMLElement;

beforeEach(() => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  // React reports caught errors on the console; this one is expected.
  vi.spyOn(console, "error").mockImplementation(() => {});
  page = document.createElement("div");
  root = createRoot(page, { onCaughtError: () => {} });
});
afterEach(() => {
  act(() => root.unmount());
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

function Fragile({ text }: { text: string | null }): ReactNode {
  if (text === null) throw new Error("cannot be rendered");
  return text;
}

function show(text: string | null, version: number) {
  act(() =>
    root.render(
      <>
        <p>before</p>
        <ErrorBoundary fallback={<p>sorry</p>} resetKey={version}>
          <Fragile text={text} />
        </ErrorBoundary>
        <p>after</p>
      </>,
    ),
  );
}

it("renders the fallback for what fails, and everything else", () => {
  show(null, 1);
  expect(page.textContent).toBe("beforesorryafter");
});

it("renders again only when the reset key changes", () => {
  show(null, 1);
  show("fine", 1);
  expect(page.textContent).toBe("beforesorryafter");
  show("fine", 2);
  expect(page.textContent).toBe("beforefineafter");
});
