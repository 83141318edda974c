import { MessageCirclePlus } from "lucide-react";
import { lazy, useState } from "react";
import { Later } from "../ui/later";
import { words } from "../words";

const NewPingDialog = lazy(() => import("./new-ping-dialog"));

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
        <Later failed={words.problems.unreachable} waiting={null}>
          <NewPingDialog onClose={() => setIsOpen(false)} />
        </Later>
      )}
    </>
  );
}
