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
  const news = unseen > 0 ? strings.messages.arrived(unseen) : null;
  const label = [strings.messages.jump, news].filter(Boolean).join(", ");
  return (
    <button
      type="button"
      className={classNames("icon-button messages__jump", news && "messages__jump--news")}
      aria-label={label}
      title={label}
      onClick={onClick}
    >
      <ArrowDown aria-hidden="true" />
      {news && <span>{news}</span>}
    </button>
  );
}
