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

/** The button beside a message that opens what one can do with it. The menu itself is fetched when needed. */
export const MessageActions = memo(function MessageActions(props: Props) {
  const [isOpen, setIsOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const prepare = useCallback(() => {
    // A failure is told when the menu is opened.
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

/** Fetches the menu while nothing else is to be done, so that it also opens without a network. */
export function usePreloadedMenu() {
  useEffect(() => {
    const timer = setTimeout(() => loadMenu().catch(() => undefined), 3_000);
    return () => clearTimeout(timer);
  }, []);
}
