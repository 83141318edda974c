import { useConnectionState } from "../cable/context";
import { useIsServerUnreachable } from "./read-fallback";

/** Whether there is no network: the live connection is down, or the page shows cached data. */
export function useIsOffline(): boolean {
  const state = useConnectionState();
  const isAway = useIsServerUnreachable();
  return state === "offline" || (state === "connecting" && isAway);
}
