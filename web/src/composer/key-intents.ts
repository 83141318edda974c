/** What a key asks of the editor. */
export type Intent =
  | "submit"
  | "break"
  | "cancel"
  | "up"
  | "bold"
  | "italic"
  | "link"
  | "undo"
  | "redo";

export interface KeyPress {
  key: string;
  shift: boolean;
  /** Ctrl, or Cmd on a Mac. */
  command: boolean;
  alt: boolean;
  /** An input method is at work. */
  composing: boolean;
}

export interface KeyContext {
  /** Enter alone submits: a composer on a device with a mouse, its toolbar closed, outside of code. */
  enterSubmits: boolean;
  isEmpty: boolean;
}

/** Reads a key event. 229 is what browsers report while, and Safari also just after, an input method composes. */
export function keyOf(event: KeyboardEvent): KeyPress {
  return {
    key: event.key.length === 1 ? event.key.toLowerCase() : event.key,
    shift: event.shiftKey,
    command: event.ctrlKey || event.metaKey,
    alt: event.altKey,
    composing: event.isComposing || event.keyCode === 229,
  };
}

/** What the key means; null when it is the browser's. */
export function intentOf(
  { key, shift, command, alt, composing }: KeyPress,
  mood: KeyContext,
): Intent | null {
  if (composing || alt) return null;
  if (key === "Enter") {
    if (command) return "submit";
    return shift || !mood.enterSubmits ? "break" : "submit";
  }
  if (key === "Escape") return "cancel";
  if (key === "ArrowUp") return mood.isEmpty && !shift && !command ? "up" : null;
  if (!command) return null;
  if (key === "z") return shift ? "redo" : "undo";
  if (shift) return null;
  if (key === "y") return "redo";
  if (key === "b") return "bold";
  if (key === "i") return "italic";
  return key === "k" ? "link" : null;
}
