import { useCallback, useSyncExternalStore } from "react";

/**
 * Wide enough for the sidebar beside the page; below this width it slides in. The styles use the
 * same value.
 */
export const wideScreen = "(min-width: 100ch)";

/** A mouse or similar: Enter can send, and focusing a field opens no on-screen keyboard. */
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
