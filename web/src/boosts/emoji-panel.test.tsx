import { act } from "react";
import { createRoot } from "react-dom/client";
import { afterEach, expect, it, vi } from "vitest";
import EmojiPanel from "./emoji-panel";

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

afterEach(() => vi.restoreAllMocks());

it("scrolls into view completely, also at the end of the message list", async () => {
  vi.stubGlobal("__EMOJI_URL__", "/emoji");
  vi.spyOn(globalThis, "fetch").mockReturnValue(new Promise(() => {}));
  const show = vi.spyOn(HTMLElement.prototype, "scrollIntoView");
  const place = document.createElement("div");
  const root = createRoot(place);
  await act(async () => root.render(<EmojiPanel onPick={() => {}} />));
  expect(show.mock.contexts).toEqual([place.querySelector(".emoji-panel")]);
  expect(show.mock.calls).toEqual([[{ block: "nearest" }]]);
  await act(async () => root.unmount());
});
