import { type FormEvent, type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import type { TrixEditorElement } from "trix/dist/trix.esm.js";
import { strings } from "../strings";
import { Button } from "../ui/button";
import { normalizeLinkUrl } from "./link-url";

interface Props {
  element: TrixEditorElement;
  onClose: () => void;
}

/** The dialog for the URL of a link. */
export function LinkDialog({ element, onClose }: Props) {
  const { editor } = element;
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [start] = useState(() => {
    editor.composition.expandSelectionForEditing();
    return { range: editor.getSelectedRange(), address: currentAddress(element) };
  });
  const [typed, setTyped] = useState(start.address);
  const [isInvalid, setIsInvalid] = useState(false);

  useEffect(() => {
    input.current?.focus();
    input.current?.select();
  }, []);

  const close = () => {
    onClose();
    element.focus();
    editor.setSelectedRange(start.range);
  };
  const link = (event: FormEvent) => {
    event.preventDefault();
    // React bubbles events to the surrounding form, which would send the message.
    event.stopPropagation();
    const address = normalizeLinkUrl(typed);
    if (!address) {
      setIsInvalid(true);
      input.current?.focus();
      return;
    }
    close();
    editor.recordUndoEntry("Link");
    editor.activateAttribute("href", address);
    const [, end] = editor.getSelectedRange();
    editor.setSelectedRange([end, end]);
    // Text after the link is not linked.
    editor.deactivateAttribute("href");
  };
  const unlink = () => {
    close();
    editor.recordUndoEntry("Link");
    editor.deactivateAttribute("href");
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && !event.nativeEvent.isComposing) return link(event);
    if (event.key !== "Escape") return;
    event.stopPropagation();
    close();
  };

  return (
    <div
      className="link-dialog"
      role="dialog"
      aria-label={strings.editor.link}
      onKeyDown={onKeyDown}
    >
      <input
        ref={input}
        className="link-dialog__input"
        type="text"
        inputMode="url"
        autoCapitalize="off"
        autoComplete="off"
        spellCheck={false}
        aria-label={strings.editor.address}
        placeholder={strings.editor.address}
        aria-invalid={isInvalid}
        aria-describedby={isInvalid ? id : undefined}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          setIsInvalid(false);
        }}
      />
      <Button look="reversed" onClick={link}>
        {strings.editor.setLink}
      </Button>
      <Button onClick={unlink} disabled={start.address === ""}>
        {strings.editor.unlink}
      </Button>
      {isInvalid && (
        <p id={id} className="link-dialog__problem" role="alert">
          {strings.editor.noAddress}
        </p>
      )}
    </div>
  );
}

/** The URL that the selection links to, or an empty string. */
function currentAddress({ editor }: TrixEditorElement): string {
  const { href } = editor.getDocument().getCommonAttributesAtRange(editor.getSelectedRange());
  return typeof href === "string" ? href : "";
}
