import { useId, useState } from "react";
import { errorMessage } from "../api/problem";
import { strings } from "../strings";
import { Button } from "./button";
import { Dialog } from "./dialog";

interface Props {
  title: string;
  text: string;
  /** The label of the button that confirms. */
  action: string;
  /** Performs the action. The dialog shows an error, and the user can try again. */
  onConfirm: () => Promise<void>;
  onCancel: () => void;
}

/** Asks for confirmation before a destructive action. */
export function Confirm({ title, text, action, onConfirm, onCancel }: Props) {
  const id = useId();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  const confirm = async () => {
    setBusy(true);
    setProblem(null);
    try {
      await onConfirm();
    } catch (error) {
      setProblem(errorMessage(error));
      setBusy(false);
    }
  };

  return (
    <Dialog title={title} className="dialog--question" describedBy={id} onClose={onCancel} alert>
      <p id={id}>{text}</p>
      {problem && (
        <p className="dialog__problem" role="alert">
          {problem}
        </p>
      )}
      <div className="dialog__buttons">
        {/* The harmless choice comes first and has the focus. */}
        <Button onClick={onCancel}>{strings.actions.cancel}</Button>
        <Button look="negative" onClick={confirm} busy={busy}>
          {action}
        </Button>
      </div>
    </Dialog>
  );
}
