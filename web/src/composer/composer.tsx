import { ArrowUp } from "lucide-react";
import { type FormEvent, useRef, useState } from "react";
import { useOutbox } from "../outbox/context";
import { IconButton } from "../ui/button";
import { words } from "../words";
import { type EditorHandle, MessageEditor } from "./editor";
import { textOf } from "./markup";

interface Props {
  roomId: number;
  /** Called after a message went into the outbox. */
  onSend: () => void;
  /** Up in an empty field asks for this person's last message. */
  onEditLast?: () => void;
}

/** Where one writes. Works without a network: the outbox takes everything. */
export function Composer({ roomId, onSend, onEditLast }: Props) {
  const outbox = useOutbox();
  const editor = useRef<EditorHandle>(null);
  const [html, setHtml] = useState("");
  const [problem, setProblem] = useState<string | null>(null);

  const send = (written: string) => {
    const refusal = outbox.submit(roomId, textOf(written), written);
    setProblem(refusal);
    if (refusal) return;
    editor.current?.load("");
    editor.current?.closeToolbar();
    onSend();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    editor.current?.submit();
  };

  return (
    <form className="composer" onSubmit={submit}>
      {problem && (
        <p className="composer__note composer__note--problem" role="alert">
          {problem}
        </p>
      )}
      <MessageEditor
        initialHtml=""
        roomId={roomId}
        label={words.composer.field}
        placeholder={words.composer.field}
        autoFocus
        toolbar="asked"
        handleRef={editor}
        onChange={setHtml}
        onSubmit={send}
        onUp={() => onEditLast?.()}
        onFiles={() => setProblem(words.composer.noFiles)}
      />
      <IconButton
        type="submit"
        label={words.composer.send}
        look="reversed"
        className="composer__send"
        // The keyboard of a touch screen stays where it is.
        onMouseDown={(event) => event.preventDefault()}
        disabled={html === ""}
      >
        <ArrowUp aria-hidden="true" />
      </IconButton>
    </form>
  );
}
