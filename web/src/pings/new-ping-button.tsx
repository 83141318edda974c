import { MessageCirclePlus } from "lucide-react";
import { useRef, useState } from "react";
import { flushSync } from "react-dom";
import { strings } from "../strings";
import { LazyOverlay } from "../ui/lazy-boundary";
import { retryableLazy } from "../ui/retryable-lazy";

const NewPingDialog = retryableLazy(() => import("./new-ping-dialog"));

/** The first item in the row of pings. */
export function NewPingButton() {
  const [isOpen, setIsOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const close = () => {
    flushSync(() => setIsOpen(false));
    // Some browsers do not focus a clicked button, so the dialog could not restore the focus to it.
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
        <span className="new-ping__icon" aria-hidden="true">
          <MessageCirclePlus />
        </span>
        <span className="direct__name">{strings.pings.open}</span>
      </button>
      {isOpen && (
        <LazyOverlay onClose={close}>
          <NewPingDialog onClose={close} onDone={() => setIsOpen(false)} />
        </LazyOverlay>
      )}
    </>
  );
}
