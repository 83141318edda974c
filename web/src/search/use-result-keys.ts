import { type KeyboardEvent, type RefObject, useCallback } from "react";
import { useNavigate } from "react-router";

/**
 * The keys of the search screen: up from the field into the results, through them by the arrows, and down
 * again into the field; Esc clears the field and then leaves.
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
      // A dialog over the page takes its keys first.
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
      // Within the field these keys move the cursor.
      if (next === null || (isInField && event.key !== "ArrowUp")) return;
      const target = next === links.length ? field.current : links[next];
      if (!target) return;
      event.preventDefault();
      target.focus();
    },
    [field, text, setText, navigate],
  );
}

/** Where a key leads from the result at this place; the number of results stands for the field below them. */
export function nextResult(key: string, at: number, count: number): number | null {
  if (key === "ArrowUp") return Math.max(0, at - 1);
  if (key === "ArrowDown") return Math.min(count, at + 1);
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  return null;
}
