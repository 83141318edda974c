import { afterEach, expect, it, vi } from "vitest";
import { clearCurrentUserId, onUserChange, setCurrentUserId } from "./current-user";

const ada = 1;
const grace = 2;

afterEach(clearCurrentUserId);

/** The browser shows the page again, restored from the back/forward cache or reloaded. */
function show(persisted: boolean) {
  window.dispatchEvent(Object.assign(new Event("pageshow"), { persisted }));
}

it("detects a restored page of another user", () => {
  const listener = vi.fn();
  setCurrentUserId(ada);
  const stop = onUserChange(ada, listener);
  show(true);
  expect(listener).not.toHaveBeenCalled();
  clearCurrentUserId();
  show(false);
  expect(listener).not.toHaveBeenCalled();
  show(true);
  expect(listener).toHaveBeenCalledTimes(1);
  setCurrentUserId(grace);
  show(true);
  expect(listener).toHaveBeenCalledTimes(2);
  stop();
  show(true);
  expect(listener).toHaveBeenCalledTimes(2);
});
