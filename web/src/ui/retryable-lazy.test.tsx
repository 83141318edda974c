import { act, type ReactNode } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { strings } from "../strings";
import { LazyBoundary, LazyOverlay } from "./lazy-boundary";
import { retryableLazy } from "./retryable-lazy";
import { ToastProvider } from "./toasts";

let root: Root;
let page: HTMLElement;

beforeEach(() => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  // React reports caught errors on the console; this one is expected.
  vi.spyOn(console, "error").mockImplementation(() => {});
  page = document.createElement("div");
  document.body.append(page);
  root = createRoot(page, { onCaughtError: () => {} });
});
afterEach(() => {
  act(() => root.unmount());
  page.remove();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** A component whose import fails this many times. */
function aPart(failures: number) {
  const load = vi.fn(async () => {
    if (load.mock.calls.length <= failures) throw new Error("no network");
    return { default: () => <p>here</p> };
  });
  return { Part: retryableLazy(load), load };
}

const show = (content: ReactNode) => act(async () => root.render(content));
const press = (label: string) =>
  act(async () => {
    [...page.querySelectorAll("button")].find(({ textContent }) => textContent === label)?.click();
  });

it("loads again only after a retry", async () => {
  const { Part, load } = aPart(2);
  const content = (
    <LazyBoundary failed="sorry">
      <Part />
    </LazyBoundary>
  );
  await show(content);
  expect(page.textContent).toContain("sorry");
  await show(content);
  expect(load).toHaveBeenCalledTimes(1);
  await press(strings.retry);
  expect(page.textContent).toContain("sorry");
  await press(strings.retry);
  expect(page.textContent).toBe("here");
  expect(load).toHaveBeenCalledTimes(3);
});

it("closes when it cannot be loaded, and loads when opened again", async () => {
  const { Part } = aPart(1);
  const onClose = vi.fn();
  const content = (isOpen: boolean) => (
    <ToastProvider>
      {isOpen && (
        <LazyOverlay onClose={onClose}>
          <Part />
        </LazyOverlay>
      )}
    </ToastProvider>
  );
  await show(content(true));
  expect(onClose).toHaveBeenCalledTimes(1);
  expect(page.textContent).toContain(strings.problems.unreachable);
  await show(content(false));
  await show(content(true));
  expect(page.textContent).toContain("here");
  expect(onClose).toHaveBeenCalledTimes(1);
});
