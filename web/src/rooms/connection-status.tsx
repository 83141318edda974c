import { CloudOff } from "lucide-react";
import { useConnectionState } from "../cable/context";
import { windowKey } from "../messages/feed";
import { useKeptSince } from "../offline/reading";
import { relativeTime } from "../ui/relative";
import { words } from "../words";

/** Says quietly that the live connection is gone; nothing while all is well. */
export function ConnectionStatus({ roomId }: { roomId: number }) {
  const state = useConnectionState();
  const since = useKeptSince(windowKey(roomId));
  return (
    <div className="connection-status" role="status">
      {state === "offline" && (
        <span className="connection-status__pill">
          <CloudOff aria-hidden="true" />
          {since === null
            ? words.connection.offline
            : words.app.offlineAsOf(relativeTime(new Date(since), new Date()))}
        </span>
      )}
    </div>
  );
}
