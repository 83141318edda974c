import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";
import { useNavigate } from "react-router";
import { useSearchEnabled } from "../search/use-search-enabled";
import { LazyOverlay } from "../ui/lazy-boundary";
import { retryableLazy } from "../ui/retryable-lazy";
import { isTextInput } from "../ui/text-input";

const Switcher = retryableLazy(() => import("../switcher/switcher"));
const KeyboardHelp = retryableLazy(() => import("./keyboard-help"));

type Overlay = "switcher" | "help";
/** What a keyboard shortcut opens. */
type ShortcutTarget = Overlay | "search";

interface OverlayActions {
  openSwitcher: () => void;
  openHelp: () => void;
}

const OverlayContext = createContext<OverlayActions | null>(null);

/** The switcher and the keyboard help: opened from any page, by shortcut or button. */
export function Overlays({ children }: { children: ReactNode }) {
  const [open, setOpen] = useState<Overlay | null>(null);
  const actions = useMemo<OverlayActions>(
    () => ({ openSwitcher: () => setOpen("switcher"), openHelp: () => setOpen("help") }),
    [],
  );

  const navigate = useNavigate();
  const canSearch = useSearchEnabled();
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const target = shortcutTarget(event);
      // An open dialog has to be closed first.
      if (!target || document.querySelector("dialog[open]")) return;
      if (target === "search" && !canSearch) return;
      event.preventDefault();
      if (target === "search") navigate("/searches");
      else setOpen(target);
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [navigate, canSearch]);

  const close = () => setOpen(null);
  return (
    <OverlayContext value={actions}>
      {children}
      {open && (
        <LazyOverlay onClose={close}>
          {open === "switcher" ? <Switcher onClose={close} /> : <KeyboardHelp onClose={close} />}
        </LazyOverlay>
      )}
    </OverlayContext>
  );
}

export function useOverlays(): OverlayActions {
  const actions = useContext(OverlayContext);
  if (!actions) throw new Error("useOverlays must be used inside Overlays");
  return actions;
}

function shortcutTarget(event: KeyboardEvent): ShortcutTarget | null {
  if (event.defaultPrevented || event.isComposing || event.altKey) return null;
  const commands = event.ctrlKey || event.metaKey;
  if (commands && !event.shiftKey && event.key.toLowerCase() === "k") {
    // With text selected in the editor, the same shortcut makes a link.
    return isTextInput(event.target) && hasSelection() ? null : "switcher";
  }
  if (commands && event.shiftKey && event.key.toLowerCase() === "f") return "search";
  if (commands || isTextInput(event.target)) return null;
  if (event.key === "/") return "search";
  if (event.key === "?") return "help";
  return null;
}

function hasSelection(): boolean {
  return !(window.getSelection()?.isCollapsed ?? true);
}
