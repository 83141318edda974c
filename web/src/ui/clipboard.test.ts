import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { copyText } from "./clipboard";

/** What was selected at the time of the copy command, and in which element. */
const copied = vi.fn();

beforeEach(() => {
  // As on plain HTTP.
  vi.stubGlobal("navigator", {});
  Object.assign(document, {
    execCommand: () => {
      const field = document.activeElement as HTMLTextAreaElement;
      copied(field.value, field.closest("dialog")?.id ?? "page");
      return true;
    },
  });
});
afterEach(() => {
  document.body.replaceChildren();
  Reflect.deleteProperty(document, "execCommand");
  vi.unstubAllGlobals();
  copied.mockReset();
});

it("copies from a temporary field without a clipboard API, and removes the field", async () => {
  document.body.innerHTML = "<button>Copy</button>";
  const button = document.querySelector("button");
  button?.focus();
  expect(await copyText("a link")).toBe(true);
  expect(copied).toHaveBeenCalledWith("a link", "page");
  expect(document.activeElement).toBe(button);
  expect(document.querySelector("textarea")).toBeNull();
});

it.each(["button", "p"])(
  "copies inside an open dialog, which traps the focus: from its %s",
  async (on) => {
    document.body.innerHTML = '<p>page</p><dialog open id="asks"><button>Copy</button></dialog>';
    // Not all browsers focus a button that is clicked with the mouse.
    if (on === "button") document.querySelector("button")?.focus();
    expect(await copyText("a link")).toBe(true);
    expect(copied).toHaveBeenCalledWith("a link", "asks");
  },
);

it("copies nothing when the field cannot get the focus", async () => {
  vi.spyOn(HTMLTextAreaElement.prototype, "focus").mockImplementation(() => {});
  expect(await copyText("a link")).toBe(false);
  expect(copied).not.toHaveBeenCalled();
  vi.restoreAllMocks();
});

it("restores the selection", async () => {
  document.body.innerHTML = "<p>words</p>";
  const range = document.createRange();
  range.selectNodeContents(document.querySelector("p") as HTMLElement);
  window.getSelection()?.addRange(range);
  await copyText("a link");
  expect(window.getSelection()?.toString()).toBe("words");
});
