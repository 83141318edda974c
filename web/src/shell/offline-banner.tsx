import { CloudOff, TriangleAlert } from "lucide-react";
import { useEffect } from "react";
import { useMatch } from "react-router";
import { windowKey } from "../messages/feed";
import { useCachedAt } from "../offline/read-fallback";
import { useIsOffline } from "../offline/use-is-offline";
import { useHasMemoryOnlyEntries } from "../outbox/context";
import { strings } from "../strings";
import { relativeTime } from "../ui/relative-time";
import { useDebounced } from "../ui/use-debounced";

/** Data younger than this is shown as "a moment ago", in milliseconds. */
const justNowWithin = 90_000;

/**
 * How long a message may be in memory only before the banner warns, in milliseconds. Most messages
 * are sent sooner.
 */
const warnAfter = 3_000;

/**
 * A banner below the page while the connection is down, or while unsent messages exist in this tab
 * only.
 */
export function OfflineBanner() {
  const isOffline = useIsOffline();
  const hasMemoryOnlyEntries = useHasMemoryOnlyEntries();
  const warns = useDebounced(hasMemoryOnlyEntries, warnAfter);
  useConfirmBeforeUnload(hasMemoryOnlyEntries);
  const room = useMatch("/rooms/:roomId/*");
  const since = useCachedAt(windowKey(Number(room?.params.roomId)));
  return (
    <div className="offline-banner" role="status">
      {isOffline && (
        <span className="offline-banner__pill">
          <CloudOff aria-hidden="true" />
          {since === null ? strings.connection.offline : strings.app.offlineAsOf(ageOf(since))}
        </span>
      )}
      {hasMemoryOnlyEntries && warns && (
        <span className="offline-banner__pill">
          <TriangleAlert aria-hidden="true" />
          {strings.outbox.fragile}
        </span>
      )}
    </div>
  );
}

/** The browser asks for confirmation before it closes the tab, in its own words. */
function useConfirmBeforeUnload(isEnabled: boolean) {
  useEffect(() => {
    if (!isEnabled) return;
    const preventUnload = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", preventUnload);
    return () => window.removeEventListener("beforeunload", preventUnload);
  }, [isEnabled]);
}

/** "5 minutes ago". */
function ageOf(since: number): string {
  const now = new Date();
  if (now.getTime() - since < justNowWithin) return strings.app.momentAgo;
  return relativeTime(new Date(since), now);
}
