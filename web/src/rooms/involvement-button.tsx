import { lazy, useRef, useState } from "react";
import type { Room } from "../api/types";
import { IconButton } from "../ui/button";
import { Later } from "../ui/later";
import { words } from "../words";
import { involvementIcons } from "./involvement-icons";

const InvolvementMenu = lazy(() => import("./involvement-menu"));

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
        <Later failed={words.problems.unreachable} waiting={null}>
          <InvolvementMenu room={room} button={button} onClose={() => setIsOpen(false)} />
        </Later>
      )}
    </span>
  );
}
