import { Trash2 } from "lucide-react";
import { type KeyboardEvent, useId, useState } from "react";
import type { Boost } from "../api/types";
import { isPending } from "../messages/window";
import { strings } from "../strings";
import { Avatar } from "../ui/avatar";
import { classNames, IconButton } from "../ui/button";
import { isEmojiOnly } from "./content";

interface Props {
  boost: Boost;
  isMine: boolean;
  onRepeat: (content: string) => void;
  onRemove: (boost: Boost) => void;
}

/**
 * A boost. Clicking it adds the same boost; clicking one of the user's own shows the button that
 * deletes it.
 */
export function BoostPill({ boost, isMine, onRepeat, onRemove }: Props) {
  const id = useId();
  const [isOpen, setIsOpen] = useState(false);
  const { booster, content } = boost;
  const pending = isPending(boost);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") setIsOpen(false);
  };

  return (
    <li className="boosts__item">
      <button
        type="button"
        className={classNames(
          "boost",
          isMine && "boost--mine",
          pending && "boost--pending",
          isEmojiOnly(content) && "boost--emoji",
        )}
        aria-label={strings.boosts.boosted(booster.name, content)}
        aria-description={isMine ? strings.boosts.hint : strings.boosts.repeat}
        title={strings.boosts.boosted(booster.name, content)}
        aria-expanded={isMine ? isOpen : undefined}
        aria-controls={isOpen ? id : undefined}
        disabled={pending}
        onClick={() => (isMine ? setIsOpen(!isOpen) : onRepeat(content))}
        onKeyDown={onKeyDown}
      >
        <Avatar initials={booster.initials} color={booster.color} src={booster.avatar_url} />
        <span className="boost__content">{content}</span>
      </button>
      {isOpen && (
        <IconButton
          id={id}
          className="boosts__remove"
          look="negative"
          label={strings.boosts.remove}
          onClick={() => onRemove(boost)}
          onKeyDown={onKeyDown}
        >
          <Trash2 aria-hidden="true" />
        </IconButton>
      )}
    </li>
  );
}
