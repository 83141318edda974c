import { useRef, useState } from "react";
import type { Room } from "../api/types";
import { IconButton } from "../ui/button";
import { fetched } from "../ui/fetched";
import { OpenedLater } from "../ui/later";
import { words } from "../words";
import { involvementIcons } from "./involvement-icons";

const InvolvementMenu = fetched(() => import("./involvement-menu"));

/** Shows how much one hears of this room, and opens the choice. */
export function InvolvementButton({ room }: { room: Room }) {
  const [isOpen, setIsOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const Icon = involvementIcons[room.involvement];
  return (
    <span className="menu__place">
      <IconButton
        ref={button}
        label={`${words.involvement.label}: ${words.involvement.levels[room.involvement]}`}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        onClick={() => setIsOpen(!isOpen)}
      >
        <Icon aria-hidden="true" />
      </IconButton>
      {isOpen && (
        <OpenedLater onClose={() => setIsOpen(false)}>
          <InvolvementMenu room={room} button={button} onClose={() => setIsOpen(false)} />
        </OpenedLater>
      )}
    </span>
  );
}
