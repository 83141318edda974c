import { Check, Trash2, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { api, unwrap } from "../api/client";
import { errorMessage } from "../api/problem";
import type { Message } from "../api/types";
import type { EditorHandle, EditorProps } from "../composer/editor";
import { useFeedOf } from "../messages/feeds";
import { strings } from "../strings";
import { Button, IconButton, LoadingDots } from "../ui/button";
import { LazyBoundary } from "../ui/lazy-boundary";
import { retryableLazy } from "../ui/retryable-lazy";
import { useTools } from "./tools";
import { useEditDraft } from "./use-edit-draft";

const MessageEditor = retryableLazy<EditorProps>(() =>
  import("../composer/editor").then(({ MessageEditor }) => ({ default: MessageEditor })),
);

interface Props {
  userId: number;
  message: Message;
  /** The message when editing started. */
  from: Message;
  /** It was deleted in the meantime. */
  isGone: boolean;
  onClose: () => void;
}

/** A message that is edited in place. If saving fails, the text stays in the editor. */
export function MessageEditing({ userId, message, from, isGone, onClose }: Props) {
  const feed = useFeedOf()(message.room_id);
  const source = useSource(message);
  const [saving, setSaving] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const box = useRef<HTMLDivElement>(null);
  const editor = useRef<EditorHandle>(null);
  const { remove } = useTools();
  const changes = useEditDraft(feed, userId, message.id);
  const finish = () => {
    changes.discard();
    onClose();
  };

  const save = async (body: string) => {
    if (saving) return;
    setSaving(true);
    setProblem(null);
    try {
      const url = "/api/v1/rooms/{room_id}/messages/{message_id}";
      const path = { room_id: message.room_id, message_id: message.id };
      const saved = await unwrap(api.PATCH(url, { params: { path }, body: { body } }));
      feed.receive({ type: "message.updated", message: saved });
      finish();
    } catch (error) {
      setProblem(strings.messages.saveFailed(errorMessage(error)));
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
            {strings.messages.editorFailed} {source.problem}
          </p>
          <Button onClick={source.retry}>{strings.retry}</Button>
          <Button onClick={onClose}>{strings.actions.cancel}</Button>
        </div>
      )}
      {html === null && source.problem === null && <Opening />}
      {html !== null && (
        <LazyBoundary
          failed={strings.messages.editorFailed}
          actions={<Button onClick={onClose}>{strings.actions.cancel}</Button>}
          loading={<Opening />}
        >
          <MessageEditor
            initialHtml={changes.before ?? html}
            roomId={message.room_id}
            label={strings.messages.editor}
            toolbar="always"
            onSubmit={save}
            onChange={changes.update}
            onCancel={finish}
            handleRef={editor}
            autoFocus
          />
          <div className="message__editing-buttons">
            <IconButton
              label={strings.messages.save}
              look="reversed"
              onClick={() => editor.current?.submit()}
              disabled={saving}
            >
              <Check aria-hidden="true" />
            </IconButton>
            <IconButton
              label={strings.messages.removeWhileEditing}
              look="negative"
              onClick={() => remove(message)}
            >
              <Trash2 aria-hidden="true" />
            </IconButton>
            <IconButton label={strings.messages.discard} onClick={finish}>
              <X aria-hidden="true" />
            </IconButton>
          </div>
        </LazyBoundary>
      )}
      {html !== null && changes.before !== null && <Note>{strings.messages.unsavedBefore}</Note>}
      {saving && <Note>{strings.messages.saving}</Note>}
      {isGone && <Note>{strings.messages.removedMeanwhile}</Note>}
      {!isGone && message.body.html !== from.body.html && (
        <Note>{strings.messages.changedMeanwhile}</Note>
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
      <span className="visually-hidden">{strings.messages.editorLoading}</span>
      <LoadingDots />
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

/** The message source for the editor, loaded for each edit. */
function useSource({ id, room_id }: Message) {
  const [html, setHtml] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [attempt, setAttempt] = useState(1);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new attempt repeats the request
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    const url = "/api/v1/rooms/{room_id}/messages/{message_id}/source";
    const params = { path: { room_id, message_id: id } };
    unwrap(api.GET(url, { params, signal })).then(
      ({ body }) => setHtml(body),
      (error) => signal.aborted || setProblem(errorMessage(error)),
    );
    return () => controller.abort();
  }, [id, room_id, attempt]);

  const retry = () => {
    setProblem(null);
    setAttempt(attempt + 1);
  };
  return { html, problem, retry };
}
