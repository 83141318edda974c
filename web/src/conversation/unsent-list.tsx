import type { ReactNode } from "react";
import type { User } from "../api/types";
import { useOutboxEntries } from "../outbox/context";
import { rowsOf } from "./rows";
import { UnsentItem } from "./unsent-item";

interface Props {
  roomId: number;
  me: User;
  /** What stands where the messages would be. */
  children: ReactNode;
}

/** What I wrote in a room whose messages are not here (yet): nothing of it may seem lost meanwhile. */
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
