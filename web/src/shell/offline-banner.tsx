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

/** What is younger has no age worth telling, in milliseconds. */
const justNowWithin = 90_000;

/** How long something may wait in this tab only before anybody is told, in milliseconds: most of it is sent sooner. */
const warnAfter = 3_000;

/** Says quietly, below whatever is shown, that the live connection is gone; nothing while all is well. */
export function OfflineBanner() {
  const isOffline = useIsOffline();
  const isFragile = useHasMemoryOnlyEntries();
  const wasFragile = useDebounced(isFragile, warnAfter);
  useConfirmBeforeUnload(isFragile);
  const room = useMatch("/rooms/:roomId/*");
  const since = useCachedAt(windowKey(Number(room?.params.roomId)));
  return (
    <div className="offline-sign" role="status">
      {isOffline && (
        <span className="offline-sign__pill">
          <CloudOff aria-hidden="true" />
          {since === null ? strings.connection.offline : strings.app.offlineAsOf(ageOf(since))}
        </span>
      )}
      {isFragile && wasFragile && (
        <span className="offline-sign__pill">
          <TriangleAlert aria-hidden="true" />
          {strings.outbox.fragile}
        </span>
      )}
    </div>
  );
}

/** The browser asks before it closes the tab, in words of its own. */
function useConfirmBeforeUnload(isAsked: boolean) {
  useEffect(() => {
    if (!isAsked) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [isAsked]);
}

/** "5 minutes ago". */
function ageOf(since: number): string {
  const now = new Date();
  if (now.getTime() - since < justNowWithin) return strings.app.momentAgo;
  return relativeTime(new Date(since), now);
}
