import { useCallback, useSyncExternalStore } from "react";

/** Where the sidebar stands beside the room; below, it slides in. The styles use the same width. */
export const wideScreen = "(min-width: 100ch)";

/** A mouse or the like: Enter can send, and focusing a field opens no keyboard on the screen. */
export const finePointer = "(hover: hover) and (pointer: fine)";

export function useMediaQuery(query: string): boolean {
  const subscribe = useCallback(
    (listener: () => void) => {
      const media = window.matchMedia(query);
      media.addEventListener("change", listener);
      return () => media.removeEventListener("change", listener);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => window.matchMedia(query).matches);
}

export function matchesMedia(query: string): boolean {
  return window.matchMedia(query).matches;
}
