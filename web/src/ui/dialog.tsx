import { X } from "lucide-react";
import { type ReactNode, useEffect, useId, useLayoutEffect, useRef } from "react";
import { strings } from "../strings";
import { classNames, IconButton } from "./button";

interface Props {
  title: string;
  /** An alert dialog: must be answered before anything else. */
  alert?: boolean;
  /** Shows the title to screen readers only. */
  bare?: boolean;
  /** Gives the focus to the first field instead of the first button. */
  fieldFirst?: boolean;
  /** The id of the element that describes the dialog. */
  describedBy?: string;
  className?: string;
  onClose: () => void;
  children: ReactNode;
}

/** A modal dialog. The browser traps the focus, closes it on Escape and restores the focus. */
export function Dialog({
  title,
  alert = false,
  bare = false,
  fieldFirst = false,
  describedBy,
  className,
  onClose,
  children,
}: Props) {
  const id = useId();
  const element = useRef<HTMLDialogElement>(null);

  useLayoutEffect(() => {
    const dialog = element.current;
    dialog?.showModal();
    if (fieldFirst) dialog?.querySelector<HTMLElement>("input, select, textarea")?.focus();
    // Closed while it is still in the document, so that the browser restores the focus.
    return () => dialog?.close();
  }, [fieldFirst]);

  useEffect(() => {
    const dialog = element.current;
    if (!dialog) return;
    const onCancel = (event: Event) => {
      event.preventDefault();
      onClose();
    };
    // The dialog's own box is behind its content, so a click on it is a click outside the content.
    const onMouseDown = (event: MouseEvent) => {
      if (event.target === dialog) onClose();
    };
    dialog.addEventListener("cancel", onCancel);
    dialog.addEventListener("mousedown", onMouseDown);
    return () => {
      dialog.removeEventListener("cancel", onCancel);
      dialog.removeEventListener("mousedown", onMouseDown);
    };
  }, [onClose]);

  return (
    <dialog
      ref={element}
      className={classNames("dialog", className)}
      role={alert ? "alertdialog" : undefined}
      aria-labelledby={id}
      aria-describedby={describedBy}
    >
      <div className="dialog__content">
        <header className={classNames("dialog__header", bare && "visually-hidden")}>
          <h2 className="dialog__title" id={id}>
            {title}
          </h2>
          {!alert && !bare && (
            <IconButton label={strings.actions.close} onClick={onClose}>
              <X aria-hidden="true" />
            </IconButton>
          )}
        </header>
        {children}
      </div>
    </dialog>
  );
}
