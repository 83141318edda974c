import { CloudOff } from "lucide-react";
import { windowKey } from "../messages/feed";
import { useKeptSince } from "../offline/reading";
import { relativeTime } from "../ui/relative";
import { words } from "../words";
import { useIsOffline } from "./use-is-offline";

/** What is younger has no age worth telling, in milliseconds. */
const moment = 90_000;

/** Says quietly that the live connection is gone; nothing while all is well. */
export function ConnectionStatus({ roomId }: { roomId: number }) {
  const isOffline = useIsOffline();
  const since = useKeptSince(windowKey(roomId));
  return (
    <div className="connection-status" role="status">
      {isOffline && (
        <span className="connection-status__pill">
          <CloudOff aria-hidden="true" />
          {since === null ? words.connection.offline : words.app.offlineAsOf(ageOf(since))}
        </span>
      )}
    </div>
  );
}

/** "5 minutes ago". */
function ageOf(since: number): string {
  const now = new Date();
  if (now.getTime() - since < moment) return words.app.momentAgo;
  return relativeTime(new Date(since), now);
}
