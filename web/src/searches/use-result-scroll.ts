import { type RefObject, useLayoutEffect, useRef } from "react";

/**
 * Begins at the end, where the newest results are, or at the one that somebody comes back from; stays with
 * what one looks at when older parts are put in above.
 */
export function useResultScroll(
  parts: number,
  place: number | null,
): RefObject<HTMLDivElement | null> {
  const list = useRef<HTMLDivElement>(null);
  const height = useRef(0);
  const known = useRef(0);
  const start = useRef(place);

  useLayoutEffect(() => {
    const box = list.current;
    if (!box || parts === 0) return;
    if (known.current === 0) {
      const from = box.querySelector<HTMLElement>(`[data-result="${start.current}"] a`);
      box.scrollTop = box.scrollHeight;
      from?.focus();
      from?.scrollIntoView({ block: "center" });
    } else if (parts > known.current) {
      box.scrollTop += box.scrollHeight - height.current;
    }
    known.current = parts;
    height.current = box.scrollHeight;
    // After every change: what was deleted meanwhile makes the list shorter.
  });

  return list;
}
