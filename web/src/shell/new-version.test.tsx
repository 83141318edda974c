import { expect, it, vi } from "vitest";
import { strings } from "../strings";
import { setUpPage } from "../testing/page";
import { NewVersion } from "./new-version";

vi.mock("./use-service-worker", () => ({ useHasNewVersion: () => true }));

const { show, press } = setUpPage();

it("moves the focus to the page when dismissed", () => {
  const page = show(
    <>
      <main id="main-content" tabIndex={-1} />
      <NewVersion />
    </>,
  );
  press(strings.app.later);
  expect(page.textContent).toBe("");
  expect(document.activeElement?.id).toBe("main-content");
});
