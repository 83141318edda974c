import { type KeyboardEvent, type Ref, useLayoutEffect, useRef } from "react";

interface Props {
  fieldRef: Ref<HTMLTextAreaElement>;
  label: string;
  placeholder: string | undefined;
  value: string;
  /** Shows content that cannot be edited without Trix. */
  readOnly: boolean;
  autoFocus: boolean;
  onChange: (text: string) => void;
  /** Called when an IME composition starts or ends. */
  onComposing: (composing: boolean) => void;
  onKeyDown: (event: KeyboardEvent<HTMLTextAreaElement>) => void;
}

/** A plain text field that is used until Trix is loaded, and if loading it fails. */
export function PlainField({ fieldRef, autoFocus, onChange, onComposing, ...field }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (autoFocus) frame.current?.querySelector("textarea")?.focus();
  }, [autoFocus]);
  return (
    // A copy of the text in a pseudo-element gives the field its height.
    <div className="editor__plain" ref={frame} data-text={field.value}>
      <textarea
        ref={fieldRef}
        className="editor__text editor__text--plain"
        aria-label={field.label}
        aria-busy={field.readOnly}
        placeholder={field.placeholder}
        value={field.value}
        readOnly={field.readOnly}
        rows={1}
        dir="auto"
        enterKeyHint="enter"
        onChange={(event) => onChange(event.target.value)}
        onCompositionStart={() => onComposing(true)}
        onCompositionEnd={() => onComposing(false)}
        onKeyDown={field.onKeyDown}
      />
    </div>
  );
}
