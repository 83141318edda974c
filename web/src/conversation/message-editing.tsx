import { Check, Trash2, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { answer, api } from "../api/client";
import { sentenceFor } from "../api/problem";
import type { Message } from "../api/types";
import type { EditorHandle, EditorProps } from "../composer/editor";
import { useFeedOf } from "../messages/feeds";
import { words } from "../strings";
import { Button, Dots, IconButton } from "../ui/button";
import { Later } from "../ui/lazy-boundary";
import { fetched } from "../ui/retryable-lazy";
import { useTools } from "./tools";
import { useChanges } from "./use-edit-draft";

const MessageEditor = fetched<EditorProps>(() =>
  import("../composer/editor").then(({ MessageEditor }) => ({ default: MessageEditor })),
);

interface Props {
  userId: number;
  message: Message;
  /** The message as it was when editing began. */
  from: Message;
  /** It was deleted since. */
  isGone: boolean;
  onClose: () => void;
}

/** A message whose text is being changed in its place. Nothing typed is lost when saving fails. */
export function MessageEditing({ userId, message, from, isGone, onClose }: Props) {
  const feed = useFeedOf()(message.room_id);
  const source = useSource(message);
  const [saving, setSaving] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const box = useRef<HTMLDivElement>(null);
  const editor = useRef<EditorHandle>(null);
  const { remove } = useTools();
  const changes = useChanges(feed, userId, message.id);
  const finish = () => {
    changes.drop();
    onClose();
  };

  const save = async (body: string) => {
    if (saving) return;
    setSaving(true);
    setProblem(null);
    try {
      const url = "/api/v1/rooms/{room_id}/messages/{message_id}";
      const path = { room_id: message.room_id, message_id: message.id };
      const saved = await answer(api.PATCH(url, { params: { path }, body: { body } }));
      feed.receive({ type: "message.updated", message: saved });
      finish();
    } catch (error) {
      setProblem(words.messages.saveFailed(sentenceFor(error)));
      setSaving(false);
    }
  };

  const html = source.html;
  useEffect(() => {
    if (html !== null) box.current?.scrollIntoView({ block: "nearest" });
  }, [html]);

  return (
    <div className="message__editing" ref={box} aria-busy={saving}>
      {source.problem !== null && (
        <div className="message__editing-problem" role="alert">
          <p>
            {words.messages.editorFailed} {source.problem}
          </p>
          <Button onClick={source.retry}>{words.retry}</Button>
          <Button onClick={onClose}>{words.actions.cancel}</Button>
        </div>
      )}
      {html === null && source.problem === null && <Opening />}
      {html !== null && (
        <Later
          failed={words.messages.editorFailed}
          ways={<Button onClick={onClose}>{words.actions.cancel}</Button>}
          waiting={<Opening />}
        >
          <MessageEditor
            initialHtml={changes.before ?? html}
            roomId={message.room_id}
            label={words.messages.editor}
            toolbar="always"
            onSubmit={save}
            onChange={changes.note}
            onCancel={finish}
            handleRef={editor}
            autoFocus
          />
          <div className="message__editing-buttons">
            <IconButton
              label={words.messages.save}
              look="reversed"
              onClick={() => editor.current?.submit()}
              disabled={saving}
            >
              <Check aria-hidden="true" />
            </IconButton>
            <IconButton
              label={words.messages.removeWhileEditing}
              look="negative"
              onClick={() => remove(message)}
            >
              <Trash2 aria-hidden="true" />
            </IconButton>
            <IconButton label={words.messages.discard} onClick={finish}>
              <X aria-hidden="true" />
            </IconButton>
          </div>
        </Later>
      )}
      {html !== null && changes.before !== null && <Note>{words.messages.unsavedBefore}</Note>}
      {saving && <Note>{words.messages.saving}</Note>}
      {isGone && <Note>{words.messages.removedMeanwhile}</Note>}
      {!isGone && message.body.html !== from.body.html && (
        <Note>{words.messages.changedMeanwhile}</Note>
      )}
      {problem && (
        <p className="message__editing-problem" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}

function Opening() {
  return (
    <div className="message__editing-waiting" role="status">
      <span className="visually-hidden">{words.messages.editorLoading}</span>
      <Dots />
    </div>
  );
}

function Note({ children }: { children: string }) {
  return (
    <p className="message__editing-note" role="status">
      {children}
    </p>
  );
}

/** The text as the editor takes it, fetched anew for every edit. */
function useSource({ id, room_id }: Message) {
  const [html, setHtml] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [attempt, setAttempt] = useState(1);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt asks again
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    const url = "/api/v1/rooms/{room_id}/messages/{message_id}/source";
    const params = { path: { room_id, message_id: id } };
    answer(api.GET(url, { params, signal })).then(
      ({ body }) => setHtml(body),
      (error) => signal.aborted || setProblem(sentenceFor(error)),
    );
    return () => controller.abort();
  }, [id, room_id, attempt]);

  const retry = () => {
    setProblem(null);
    setAttempt(attempt + 1);
  };
  return { html, problem, retry };
}
