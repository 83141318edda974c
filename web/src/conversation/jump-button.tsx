import { ArrowDown } from "lucide-react";
import { strings } from "../strings";
import { classNames } from "../ui/button";

interface Props {
  /** How many new messages are below. */
  unseen: number;
  onClick: () => void;
}

/** Jumps to the newest message and shows how many are new. */
export function JumpButton({ unseen, onClick }: Props) {
  const newLabel = unseen > 0 ? strings.messages.arrived(unseen) : null;
  const label = [strings.messages.jump, newLabel].filter(Boolean).join(", ");
  return (
    <button
      type="button"
      className={classNames("icon-button messages__jump", newLabel && "messages__jump--unseen")}
      aria-label={label}
      title={label}
      onClick={onClick}
    >
      <ArrowDown aria-hidden="true" />
      {newLabel && <span>{newLabel}</span>}
    </button>
  );
}
