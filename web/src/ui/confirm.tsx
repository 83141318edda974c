import { useId, useState } from "react";
import { errorMessage } from "../api/problem";
import { strings } from "../strings";
import { Button } from "./button";
import { Dialog } from "./dialog";

interface Props {
  title: string;
  text: string;
  /** What the button that does it says. */
  action: string;
  /** Does it; a failure is shown and may be tried again. */
  onConfirm: () => Promise<void>;
  onCancel: () => void;
}

/** Asks before something is destroyed. */
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
        {/* The harmless answer comes first, and has the focus. */}
        <Button onClick={onCancel}>{strings.actions.cancel}</Button>
        <Button look="negative" onClick={confirm} busy={busy}>
          {action}
        </Button>
      </div>
    </Dialog>
  );
}
