import { useConnectionState } from "../cable/context";
import { useIsServerUnreachable } from "./read-fallback";

/** Whether there is no network: the live connection is gone, or the page could only be made from what the device kept. */
export function useIsOffline(): boolean {
  const state = useConnectionState();
  const isAway = useIsServerUnreachable();
  return state === "offline" || (state === "connecting" && isAway);
}
