import { type KeyboardEvent, type RefObject, useCallback } from "react";
import { useNavigate } from "react-router";

/**
 * Keyboard navigation of the search page: the arrow keys move between the field at the bottom and
 * the results above it. Escape clears the field, then leaves the page.
 */
export function useResultKeys(
  field: RefObject<HTMLInputElement | null>,
  text: string,
  setText: (text: string) => void,
): (event: KeyboardEvent<HTMLElement>) => void {
  const navigate = useNavigate();
  return useCallback(
    (event) => {
      if (event.nativeEvent.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
      // An open dialog handles its keys first.
      if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
      const isInField = event.target === field.current;
      if (event.key === "Escape") {
        event.preventDefault();
        if (isInField && text !== "") setText("");
        else navigate("/");
        return;
      }
      const links = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-result] a")];
      const at = links.indexOf(event.target as HTMLElement);
      if (!isInField && at < 0) return;
      const next = nextResult(event.key, at < 0 ? links.length : at, links.length);
      // In the field these keys move the cursor.
      if (next === null || (isInField && event.key !== "ArrowUp")) return;
      const target = next === links.length ? field.current : links[next];
      if (!target) return;
      event.preventDefault();
      target.focus();
    },
    [field, text, setText, navigate],
  );
}

/** The index that a key leads to; `count` stands for the field below the results. */
export function nextResult(key: string, at: number, count: number): number | null {
  if (key === "ArrowUp") return Math.max(0, at - 1);
  if (key === "ArrowDown") return Math.min(count, at + 1);
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  return null;
}
