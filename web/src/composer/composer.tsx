import { ArrowUp } from "lucide-react";
import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useOutbox } from "../outbox/context";
import { IconButton } from "../ui/button";
import { finePointer, matches } from "../ui/media";
import { words } from "../words";

interface Props {
  roomId: number;
  /** Called after a message went into the outbox. */
  onSend: () => void;
}

/** Where one writes. Works without a network: the outbox takes everything. */
export function Composer({ roomId, onSend }: Props) {
  const outbox = useOutbox();
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<string | null>(null);

  useEffect(() => {
    // On a touch screen this would open the keyboard over the messages.
    if (matches(finePointer)) field.current?.focus();
  }, []);

  const send = (event?: FormEvent) => {
    event?.preventDefault();
    if (text.trim() === "") return;
    const refusal = outbox.submit(roomId, text.trim());
    setProblem(refusal);
    if (refusal) return;
    setText("");
    field.current?.focus();
    onSend();
  };

  const press = (event: KeyboardEvent) => {
    // While an input method composes, Enter belongs to it. 229 is what Safari sends for the last one.
    if (event.key !== "Enter" || event.nativeEvent.isComposing || event.keyCode === 229) return;
    const commands = event.ctrlKey || event.metaKey;
    if (!commands && (event.shiftKey || !matches(finePointer))) return;
    event.preventDefault();
    send();
  };

  return (
    <form className="composer" onSubmit={send}>
      {problem && (
        <p className="composer__problem" role="alert">
          {problem}
        </p>
      )}
      {/* The copy of the text gives the field its height. */}
      <div className="composer__field" data-text={text}>
        <textarea
          ref={field}
          className="composer__text"
          aria-label={words.composer.field}
          placeholder={words.composer.field}
          value={text}
          rows={1}
          dir="auto"
          enterKeyHint="enter"
          onChange={(event) => setText(event.target.value)}
          onKeyDown={press}
        />
      </div>
      <IconButton
        type="submit"
        label={words.composer.send}
        look="reversed"
        className="composer__send"
        disabled={text.trim() === ""}
      >
        <ArrowUp aria-hidden="true" />
      </IconButton>
    </form>
  );
}
