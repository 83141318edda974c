import { MessageCirclePlus } from "lucide-react";
import { useRef, useState } from "react";
import { flushSync } from "react-dom";
import { words } from "../strings";
import { OpenedLater } from "../ui/lazy-boundary";
import { fetched } from "../ui/retryable-lazy";

const NewPingDialog = fetched(() => import("./new-ping-dialog"));

/** First in the row of pings: starts another one. */
export function NewPingButton() {
  const [isOpen, setIsOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const close = () => {
    flushSync(() => setIsOpen(false));
    // Some browsers do not focus a button that is pressed: they could not give the focus back to it.
    button.current?.focus();
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        className="direct"
        aria-haspopup="dialog"
        onClick={() => setIsOpen(true)}
      >
        <span className="new-ping__sign" aria-hidden="true">
          <MessageCirclePlus />
        </span>
        <span className="direct__name">{words.pings.open}</span>
      </button>
      {isOpen && (
        <OpenedLater onClose={close}>
          <NewPingDialog onClose={close} onDone={() => setIsOpen(false)} />
        </OpenedLater>
      )}
    </>
  );
}
