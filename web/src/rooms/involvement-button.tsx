import { useRef, useState } from "react";
import type { Room } from "../api/types";
import { canUserChange } from "../device/push-state";
import { dismissPrompt, isPromptDismissed } from "../push/prompt-dismissed";
import { usePushState } from "../push/queries";
import { strings } from "../strings";
import { classNames, IconButton } from "../ui/button";
import { LazyOverlay } from "../ui/lazy-boundary";
import { retryableLazy } from "../ui/retryable-lazy";
import { involvementIcons } from "./involvement-icons";

const InvolvementMenu = retryableLazy(() => import("./involvement-menu"));
const HelpDialog = retryableLazy(() => import("../push/help-dialog"));

interface Props {
  room: Room;
  /** Highlights the button until it is clicked once, if push can be turned on for this device. */
  promptForPush?: boolean;
}

/** Shows the involvement in this room and opens the menu that changes it. */
export function InvolvementButton({ room, promptForPush = false }: Props) {
  const [isOpen, setIsOpen] = useState(false);
  const [isHelpOpen, setIsHelpOpen] = useState(false);
  const [isDismissed, setIsDismissed] = useState(isPromptDismissed);
  const button = useRef<HTMLButtonElement>(null);
  const { data: device } = usePushState();
  const isSilent = device !== undefined && canUserChange(device.state);
  const Icon = involvementIcons[room.involvement];

  const onClick = () => {
    setIsOpen(!isOpen);
    if (!isSilent) return;
    dismissPrompt();
    setIsDismissed(true);
  };

  return (
    <span className="menu__place">
      <IconButton
        ref={button}
        className={classNames(
          promptForPush && isSilent && !isDismissed && "icon-button--highlight",
        )}
        label={`${strings.involvement.label}: ${strings.involvement.levels[room.involvement]}`}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        onClick={onClick}
      >
        <Icon aria-hidden="true" />
      </IconButton>
      {isOpen && (
        <LazyOverlay onClose={() => setIsOpen(false)}>
          <InvolvementMenu
            room={room}
            button={button}
            device={isSilent ? device : null}
            onClose={() => setIsOpen(false)}
            onHelp={() => setIsHelpOpen(true)}
          />
        </LazyOverlay>
      )}
      {isHelpOpen && (
        <LazyOverlay onClose={() => setIsHelpOpen(false)}>
          <HelpDialog onClose={() => setIsHelpOpen(false)} />
        </LazyOverlay>
      )}
    </span>
  );
}
