import { expect, it, vi } from "vitest";
import { words } from "../strings";
import { emptyPages } from "../testing/page";
import { NewVersion } from "./new-version";

vi.mock("./use-service-worker", () => ({ useHasNewVersion: () => true }));

const { show, press } = emptyPages();

it("gives the focus to the page when it is put off", () => {
  const page = show(
    <>
      <main id="main-content" tabIndex={-1} />
      <NewVersion />
    </>,
  );
  press(words.app.later);
  expect(page.textContent).toBe("");
  expect(document.activeElement?.id).toBe("main-content");
});
