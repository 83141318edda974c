import { MessageCirclePlus } from "lucide-react";
import { useState } from "react";
import { fetched } from "../ui/fetched";
import { OpenedLater } from "../ui/later";
import { words } from "../words";

const NewPingDialog = fetched(() => import("./new-ping-dialog"));

/** First in the row of pings: starts another one. */
export function NewPingButton() {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <button
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
        <OpenedLater onClose={() => setIsOpen(false)}>
          <NewPingDialog onClose={() => setIsOpen(false)} />
        </OpenedLater>
      )}
    </>
  );
}
