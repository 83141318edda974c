import { Rocket } from "lucide-react";
import { useRef } from "react";
import type { Boost, Message } from "../api/types";
import { strings } from "../strings";
import { IconButton } from "../ui/button";
import { BoostPill } from "./boost-pill";
import type { Boosting } from "./use-boosts";

interface Props {
  message: Message;
  myId: number;
  boosting: Boosting;
  /** Opens the form for a new boost. */
  onNew: () => void;
}

/** The boosts of a message. */
export function Boosts({ message, myId, boosting, onNew }: Props) {
  const list = useRef<HTMLUListElement>(null);
  if (message.boosts.length === 0) return null;

  const remove = (boost: Boost) => {
    // The button disappears with the boost, so the focus moves to a neighboring one, else to the
    // message.
    const pills = [...(list.current?.querySelectorAll<HTMLElement>(".boost") ?? [])];
    const at = message.boosts.indexOf(boost);
    const next = pills[at + 1] ?? pills[at - 1] ?? list.current?.closest("article");
    boosting.remove(boost);
    next?.focus();
  };

  return (
    <ul className="boosts" ref={list} aria-label={strings.boosts.list}>
      {message.boosts.map((boost) => (
        <BoostPill
          key={boost.id}
          boost={boost}
          isMine={boost.booster.id === myId}
          onRepeat={(content) => boosting.add(message.id, content)}
          onRemove={remove}
        />
      ))}
      <li className="boosts__item">
        <IconButton className="boosts__add" label={strings.boosts.add} onClick={onNew}>
          <Rocket aria-hidden="true" />
        </IconButton>
      </li>
    </ul>
  );
}
