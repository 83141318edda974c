import { CloudOff } from "lucide-react";
import { useConnectionState } from "../cable/context";
import { words } from "../words";

/** Says quietly that the live connection is gone; nothing while all is well. */
export function ConnectionStatus() {
  const state = useConnectionState();
  return (
    <div className="connection-status" role="status">
      {state === "offline" && (
        <span className="connection-status__pill">
          <CloudOff aria-hidden="true" />
          {words.connection.offline}
        </span>
      )}
    </div>
  );
}
