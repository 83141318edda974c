import { expect, it, vi } from "vitest";
import { setUpPage } from "../testing/page";
import { Button } from "./button";

const { show, press } = setUpPage();

it("keeps the focus while busy and ignores clicks", () => {
  const pressed = vi.fn();
  const sent = vi.fn((event: Event) => event.preventDefault());
  const form = (busy: boolean) =>
    show(
      <form>
        <Button type="submit" busy={busy} onClick={pressed}>
          Send
        </Button>
      </form>,
    );
  const page = form(false);
  page.addEventListener("submit", sent);
  const button = page.querySelector("button");
  press("Send");
  expect([pressed.mock.calls.length, sent.mock.calls.length]).toEqual([1, 1]);
  form(true);
  expect(button?.disabled).toBe(false);
  expect(document.activeElement).toBe(button);
  press("Send");
  expect([pressed.mock.calls.length, sent.mock.calls.length]).toEqual([1, 1]);
});
