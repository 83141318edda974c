import { Ellipsis } from "lucide-react";
import { memo, useCallback, useEffect, useRef, useState } from "react";
import type { Message } from "../api/types";
import { strings } from "../strings";
import { IconButton } from "../ui/button";
import { LazyOverlay } from "../ui/lazy-boundary";
import { retryableLazy } from "../ui/retryable-lazy";

const loadMenu = () => import("./actions-menu");
const ActionsMenu = retryableLazy(loadMenu);

interface Props {
  message: Message;
  isBookmarked: boolean;
  onNewBoost: () => void;
}

/** The button that opens the menu of actions for a message. The menu's code is loaded on demand. */
export const MessageActions = memo(function MessageActions(props: Props) {
  const [isOpen, setIsOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const prepare = useCallback(() => {
    // Opening the menu reports the error.
    loadMenu().catch(() => undefined);
  }, []);

  return (
    <div className="message__actions">
      <IconButton
        ref={button}
        label={strings.actions.open}
        className="message__actions-button"
        aria-haspopup="menu"
        aria-expanded={isOpen}
        onPointerEnter={prepare}
        onFocus={prepare}
        onClick={() => setIsOpen(!isOpen)}
      >
        <Ellipsis aria-hidden="true" />
      </IconButton>
      {isOpen && (
        <LazyOverlay onClose={() => setIsOpen(false)}>
          <ActionsMenu {...props} button={button} onClose={() => setIsOpen(false)} />
        </LazyOverlay>
      )}
    </div>
  );
});

/** Loads the menu's code when idle, so that it opens without a network. */
export function usePreloadedMenu() {
  useEffect(() => {
    const timer = setTimeout(() => loadMenu().catch(() => undefined), 3_000);
    return () => clearTimeout(timer);
  }, []);
}
