import { AtSign, Bell, BellOff, EyeOff } from "lucide-react";
import { lazy, useRef, useState } from "react";
import type { Room } from "../api/types";
import { IconButton } from "../ui/button";
import { Later } from "../ui/later";
import { words } from "../words";

const InvolvementMenu = lazy(() => import("./involvement-menu"));

/** A sign for how much somebody wants to hear of a room. */
export const involvementIcons: Record<Room["involvement"], typeof Bell> = {
  mentions: AtSign,
  everything: Bell,
  nothing: BellOff,
  invisible: EyeOff,
};

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
