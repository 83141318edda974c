import { AtSign, Bell, BellOff, EyeOff } from "lucide-react";
import type { Room } from "../api/types";

export const involvementIcons: Record<Room["involvement"], typeof Bell> = {
  mentions: AtSign,
  everything: Bell,
  nothing: BellOff,
  invisible: EyeOff,
};
