/** What a key press does in the editor. */
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
  /** An IME composition is active. */
  composing: boolean;
}

export interface KeyContext {
  /** Whether Enter alone submits: in a composer with a mouse, the toolbar closed, outside code. */
  enterSubmits: boolean;
  isEmpty: boolean;
}

/**
 * Reads a key event. Browsers report key code 229 during IME composition, and Safari also just
 * after it.
 */
export function keyOf(event: KeyboardEvent): KeyPress {
  return {
    key: event.key.length === 1 ? event.key.toLowerCase() : event.key,
    shift: event.shiftKey,
    command: event.ctrlKey || event.metaKey,
    alt: event.altKey,
    composing: event.isComposing || event.keyCode === 229,
  };
}

/** Null if the key is left to the browser. */
export function intentOf(
  { key, shift, command, alt, composing }: KeyPress,
  context: KeyContext,
): Intent | null {
  if (composing || alt) return null;
  if (key === "Enter") {
    if (command) return "submit";
    return shift || !context.enterSubmits ? "break" : "submit";
  }
  if (key === "Escape") return "cancel";
  if (key === "ArrowUp") return context.isEmpty && !shift && !command ? "up" : null;
  if (!command) return null;
  if (key === "z") return shift ? "redo" : "undo";
  if (shift) return null;
  if (key === "y") return "redo";
  if (key === "b") return "bold";
  if (key === "i") return "italic";
  return key === "k" ? "link" : null;
}
