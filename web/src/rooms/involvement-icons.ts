import { AtSign, Bell, BellOff, EyeOff } from "lucide-react";
import type { Room } from "../api/types";

/** A sign for how much somebody wants to hear of a room. */
export const involvementIcons: Record<Room["involvement"], typeof Bell> = {
  mentions: AtSign,
  everything: Bell,
  nothing: BellOff,
  invisible: EyeOff,
};
