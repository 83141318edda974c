import type { ReactNode } from "react";
import type { User } from "../api/types";
import { useOutboxEntries } from "../outbox/context";
import { rowsOf } from "./rows";
import { UnsentItem } from "./unsent-item";

interface Props {
  roomId: number;
  me: User;
  /** Shown in place of the messages. */
  children: ReactNode;
}

/**
 * The user's unsent messages in a room whose messages are not loaded, so that nothing seems lost.
 */
export function UnsentList({ roomId, me, children }: Props) {
  const entries = useOutboxEntries(roomId);
  return (
    <div className="messages">
      <div className="messages__content">
        {children}
        {rowsOf([], entries).map(
          (row) =>
            row.kind === "entry" && (
              <UnsentItem key={row.key} entry={row.entry} follows={row.follows} me={me} />
            ),
        )}
      </div>
    </div>
  );
}
