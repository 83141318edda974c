import { useRef, useState } from "react";
import type { Room } from "../api/types";
import { canBeChanged } from "../device/push-state";
import { noteSeen, wasSeen } from "../push/prompt-dismissed";
import { usePushState } from "../push/queries";
import { words } from "../strings";
import { IconButton, names } from "../ui/button";
import { OpenedLater } from "../ui/lazy-boundary";
import { fetched } from "../ui/retryable-lazy";
import { involvementIcons } from "./involvement-icons";

const InvolvementMenu = fetched(() => import("./involvement-menu"));
const HelpDialog = fetched(() => import("../push/help-dialog"));

interface Props {
  room: Room;
  /** Calls attention to itself on a device that does not notify, until it was pressed once. */
  calls?: boolean;
}

/** Shows how much one hears of this room, and opens the choice. */
export function InvolvementButton({ room, calls = false }: Props) {
  const [isOpen, setIsOpen] = useState(false);
  const [helps, setHelps] = useState(false);
  const [isSeen, setIsSeen] = useState(wasSeen);
  const button = useRef<HTMLButtonElement>(null);
  const { data: device } = usePushState();
  const isSilent = device !== undefined && canBeChanged(device.state);
  const Icon = involvementIcons[room.involvement];

  const press = () => {
    setIsOpen(!isOpen);
    if (!isSilent) return;
    noteSeen();
    setIsSeen(true);
  };

  return (
    <span className="menu__place">
      <IconButton
        ref={button}
        className={names(calls && isSilent && !isSeen && "icon-button--calling")}
        label={`${words.involvement.label}: ${words.involvement.levels[room.involvement]}`}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        onClick={press}
      >
        <Icon aria-hidden="true" />
      </IconButton>
      {isOpen && (
        <OpenedLater onClose={() => setIsOpen(false)}>
          <InvolvementMenu
            room={room}
            button={button}
            device={isSilent ? device : null}
            onClose={() => setIsOpen(false)}
            onHelp={() => setHelps(true)}
          />
        </OpenedLater>
      )}
      {helps && (
        <OpenedLater onClose={() => setHelps(false)}>
          <HelpDialog onClose={() => setHelps(false)} />
        </OpenedLater>
      )}
    </span>
  );
}
