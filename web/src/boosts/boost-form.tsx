import { Check, Smile, X } from "lucide-react";
import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from "react";
import type { User } from "../api/types";
import { strings } from "../strings";
import { Avatar } from "../ui/avatar";
import { IconButton } from "../ui/button";
import { LazyBoundary } from "../ui/lazy-boundary";
import { retryableLazy } from "../ui/retryable-lazy";
import { truncateBoost } from "./content";

const EmojiPanel = retryableLazy(() => import("./emoji-panel"));

interface Props {
  me: User;
  onSubmit: (content: string) => void;
  onCancel: () => void;
}

/** The form for a boost: a few characters, or an emoji from the picker. */
export function BoostForm({ me, onSubmit, onCancel }: Props) {
  const [text, setText] = useState("");
  const [isPickerOpen, setIsPickerOpen] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const content = text.trim();

  useEffect(() => {
    field.current?.focus();
    field.current?.scrollIntoView({ block: "nearest" });
  }, []);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (content) onSubmit(content);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    if (!isPickerOpen) return onCancel();
    setIsPickerOpen(false);
    field.current?.focus();
  };
  const pick = (emoji: string) => {
    setIsPickerOpen(false);
    // Without any text, picking an emoji submits it.
    if (!content) return onSubmit(emoji);
    setText((before) => truncateBoost(before + emoji));
    field.current?.focus();
  };

  return (
    <form className="boost-form" onSubmit={submit} onKeyDown={onKeyDown}>
      <div className="boost-form__line">
        <Avatar initials={me.initials} color={me.color} src={me.avatar_url} />
        <input
          ref={field}
          className="boost-form__text"
          aria-label={strings.boosts.field}
          value={text}
          autoComplete="off"
          enterKeyHint="send"
          onChange={(event) => setText(truncateBoost(event.target.value))}
        />
        <IconButton
          label={strings.boosts.emoji}
          aria-expanded={isPickerOpen}
          onClick={() => setIsPickerOpen(!isPickerOpen)}
        >
          <Smile aria-hidden="true" />
        </IconButton>
        <IconButton type="submit" label={strings.boosts.submit} look="reversed" disabled={!content}>
          <Check aria-hidden="true" />
        </IconButton>
        <IconButton label={strings.boosts.cancel} onClick={onCancel}>
          <X aria-hidden="true" />
        </IconButton>
      </div>
      {isPickerOpen && (
        <LazyBoundary failed={strings.boosts.pickerFailed}>
          <EmojiPanel onPick={pick} />
        </LazyBoundary>
      )}
    </form>
  );
}
