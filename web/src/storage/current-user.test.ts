import { afterEach, expect, it, vi } from "vitest";
import { forgetUser, noteUser, onOtherUser } from "./current-user";

const ada = 1;
const grace = 2;

afterEach(forgetUser);

/** The browser shows the page again: as it was, or loaded anew. */
function show(persisted: boolean) {
  window.dispatchEvent(Object.assign(new Event("pageshow"), { persisted }));
}

it("notices that a page comes back which is not of the person who is signed in", () => {
  const listener = vi.fn();
  noteUser(ada);
  const stop = onOtherUser(ada, listener);
  show(true);
  expect(listener).not.toHaveBeenCalled();
  forgetUser();
  show(false);
  expect(listener).not.toHaveBeenCalled();
  show(true);
  expect(listener).toHaveBeenCalledTimes(1);
  noteUser(grace);
  show(true);
  expect(listener).toHaveBeenCalledTimes(2);
  stop();
  show(true);
  expect(listener).toHaveBeenCalledTimes(2);
});
