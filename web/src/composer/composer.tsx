import { useQuery, useQueryClient } from "@tanstack/react-query";
import { ArrowUp } from "lucide-react";
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { useOutbox } from "../outbox/context";
import { meQuery } from "../session/queries";
import { strings } from "../strings";
import { Button, IconButton } from "../ui/button";
import { finePointer, matchesMedia } from "../ui/media";
import { useReplies } from "./context";
import { messageDrafts } from "./draft-store";
import { type EditorHandle, MessageEditor } from "./editor";
import { htmlToText } from "./markup";
import { messageLength } from "./message-length";
import { soundsQuery } from "./queries";
import { replyContent } from "./quote";
import { TypingIndicator } from "./typing-indicator";
import { useDraft } from "./use-draft";
import { useTypingNotifier } from "./use-typing-notifier";

interface Props {
  roomId: number;
  /** Called after a message was added to the outbox. */
  onSend: () => void;
  /** Called on ArrowUp in an empty field, to edit the user's last message. */
  onEditLast?: () => void;
  /** Shown before the text field. */
  start?: ReactNode;
}

/** The field for writing a message. It works offline, because the outbox takes every message. */
export function Composer(props: Props) {
  const { data: me } = useQuery(meQuery);
  return me && <ComposerForm key={`${me.id}-${props.roomId}`} {...props} myId={me.id} />;
}

function ComposerForm({ roomId, onSend, onEditLast, start, myId }: Props & { myId: number }) {
  const outbox = useOutbox();
  const cache = useQueryClient();
  const draft = useDraft(messageDrafts, myId, roomId);
  const typing = useTypingNotifier(roomId);
  const editor = useRef<EditorHandle>(null);
  const [html, setHtml] = useState(draft.initial);
  const [problem, setProblem] = useState<string | null>(null);
  /** The draft that a reply replaced. */
  const [replacedDraft, setReplacedDraft] = useState("");
  const { isTooLong, percent } = messageLength(html);
  const refuseFiles = () => setProblem(strings.composer.noFiles);
  useDropGuard(refuseFiles);

  const change = (written: string) => {
    if (written === html) return;
    setHtml(written);
    setProblem(null);
    draft.update(written);
    typing.changed(written !== "");
  };
  const send = (written: string) => {
    // The field shows the error already.
    if (messageLength(written).isTooLong) return;
    const sounds = cache.getQueryData(soundsQuery.queryKey) ?? [];
    const refusal = outbox.submit(roomId, previewOf(written, sounds), written);
    setProblem(refusal);
    if (refusal) return;
    editor.current?.load("");
    editor.current?.closeToolbar();
    setHtml("");
    setReplacedDraft("");
    draft.discard();
    typing.stop();
    if (matchesMedia(finePointer)) editor.current?.focus();
    onSend();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    editor.current?.submit();
  };

  useReplies((quoted) => {
    // A second reply does not replace the saved draft.
    setReplacedDraft((before) => before || html);
    editor.current?.replace(replyContent(quoted));
  });
  const restore = () => {
    editor.current?.replace(replacedDraft);
    setReplacedDraft("");
  };

  return (
    <form className="composer" onSubmit={submit}>
      <TypingIndicator roomId={roomId} myId={myId} />
      {problem && (
        <p className="composer__note composer__note--problem" role="alert">
          {problem}
        </p>
      )}
      {replacedDraft && (
        <p className="composer__note" role="status">
          {strings.composer.replaced}
          <Button onClick={restore}>{strings.composer.restore}</Button>
        </p>
      )}
      {percent !== null && (
        <p className={`composer__note ${isTooLong ? "composer__note--problem" : ""}`} role="status">
          {isTooLong ? strings.composer.tooLong : strings.composer.nearLimit(percent)}
        </p>
      )}
      {start}
      <MessageEditor
        initialHtml={draft.initial}
        roomId={roomId}
        label={strings.composer.field}
        placeholder={strings.composer.field}
        autoFocus
        toolbar="on-demand"
        handleRef={editor}
        onChange={change}
        onSubmit={send}
        onUp={() => onEditLast?.()}
        onFiles={refuseFiles}
      />
      <IconButton
        type="submit"
        label={strings.composer.send}
        look="reversed"
        className="composer__send"
        // Keeps the on-screen keyboard open.
        onMouseDown={(event) => event.preventDefault()}
        disabled={html === ""}
        aria-disabled={isTooLong || undefined}
      >
        <ArrowUp aria-hidden="true" />
      </IconButton>
    </form>
  );
}

/** Shown until the server has rendered the message: its text, or the sound that it plays. */
function previewOf(html: string, sounds: readonly { name: string }[]): string {
  const text = htmlToText(html);
  const sound = sounds.find(({ name }) => text === `/play ${name}`);
  return sound ? strings.composer.playing(sound.name) : text;
}

/** A file dropped outside the field must not navigate the page to it. */
function useDropGuard(refuse: () => void) {
  const latest = useRef(refuse);
  latest.current = refuse;
  useEffect(() => {
    const hold = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes("Files") || event.defaultPrevented) return;
      event.preventDefault();
      if (event.type === "drop") latest.current();
    };
    window.addEventListener("dragover", hold);
    window.addEventListener("drop", hold);
    return () => {
      window.removeEventListener("dragover", hold);
      window.removeEventListener("drop", hold);
    };
  }, []);
}
