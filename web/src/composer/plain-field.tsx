import { type KeyboardEvent, type Ref, useLayoutEffect, useRef } from "react";

interface Props {
  fieldRef: Ref<HTMLTextAreaElement>;
  label: string;
  placeholder: string | undefined;
  value: string;
  /** Shows what cannot be edited without the editor. */
  readOnly: boolean;
  autoFocus: boolean;
  onChange: (text: string) => void;
  /** Told while an input method is at work. */
  onComposing: (composing: boolean) => void;
  onKeyDown: (event: KeyboardEvent<HTMLTextAreaElement>) => void;
}

/** Where one writes until the editor's engine has been fetched, and if it cannot be. */
export function PlainField({ fieldRef, autoFocus, onChange, onComposing, ...field }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (autoFocus) frame.current?.querySelector("textarea")?.focus();
  }, [autoFocus]);
  return (
    // The copy of the text gives the field its height.
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
