import { Users } from "lucide-react";
import { useRef, useState } from "react";
import type { Room } from "../api/types";
import { RoomSettingsLink } from "../room-settings/links";
import { InvolvementButton } from "../rooms/involvement-button";
import { strings } from "../strings";
import { IconButton } from "../ui/button";
import { LazyOverlay } from "../ui/lazy-boundary";
import { retryableLazy } from "../ui/retryable-lazy";

const MembersPanel = retryableLazy(() => import("./members-panel"));

/** The buttons in the header of a room. */
export function RoomTools({ room }: { room: Room }) {
  return (
    <div className="room__tools">
      <MembersButton room={room} />
      <RoomSettingsLink room={room} />
      <InvolvementButton room={room} promptForPush />
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
        label={strings.members.open}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        onClick={() => setIsOpen(!isOpen)}
      >
        <Users aria-hidden="true" />
      </IconButton>
      {isOpen && (
        <LazyOverlay onClose={() => setIsOpen(false)}>
          <MembersPanel room={room} button={button} onClose={() => setIsOpen(false)} />
        </LazyOverlay>
      )}
    </>
  );
}
