import { act } from "react";
import { expect, it, vi } from "vitest";
import { emptyPages } from "../testing/page";
import { words } from "../words";
import { NewVersion } from "./new-version";

vi.mock("./use-worker", () => ({ useHasNewVersion: () => true }));

const { show, button } = emptyPages();

it("gives the focus to the page when it is put off", () => {
  const page = show(
    <>
      <main id="main-content" tabIndex={-1} />
      <NewVersion />
    </>,
  );
  button(words.app.later).focus();
  act(() => button(words.app.later).click());
  expect(page.textContent).toBe("");
  expect(document.activeElement?.id).toBe("main-content");
});
