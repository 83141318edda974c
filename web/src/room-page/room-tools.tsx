import { Users } from "lucide-react";
import { useRef, useState } from "react";
import type { Room } from "../api/types";
import { RoomSettingsLink } from "../room-settings/links";
import { InvolvementButton } from "../rooms/involvement-button";
import { words } from "../strings";
import { IconButton } from "../ui/button";
import { OpenedLater } from "../ui/lazy-boundary";
import { fetched } from "../ui/retryable-lazy";

const MembersPanel = fetched(() => import("./members-panel"));

/** What one can do with a room, in its top bar. */
export function RoomTools({ room }: { room: Room }) {
  return (
    <div className="room__tools">
      <MembersButton room={room} />
      <RoomSettingsLink room={room} />
      <InvolvementButton room={room} calls />
    </div>
  );
}

function MembersButton({ room }: { room: Room }) {
  const [isOpen, setIsOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  return (
    <>
      <IconButton
        ref={button}
        label={words.members.open}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        onClick={() => setIsOpen(!isOpen)}
      >
        <Users aria-hidden="true" />
      </IconButton>
      {isOpen && (
        <OpenedLater onClose={() => setIsOpen(false)}>
          <MembersPanel room={room} button={button} onClose={() => setIsOpen(false)} />
        </OpenedLater>
      )}
    </>
  );
}
