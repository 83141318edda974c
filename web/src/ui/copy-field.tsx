import { Check, Copy } from "lucide-react";
import { type ReactNode, useEffect, useId, useRef, useState } from "react";
import { strings } from "../strings";
import { IconButton } from "./button";
import { copyText } from "./clipboard";

/** How long the button shows success, in milliseconds. */
const copiedFor = 2_000;

interface Props {
  label: string;
  value: string;
  /**
   * Shows the label, which is otherwise for screen readers only. For several fields below each
   * other.
   */
  shown?: boolean;
  /** Hides the value like a password. */
  masked?: boolean;
  /** The label of the copy button. */
  action?: string;
  /** More buttons. */
  children?: ReactNode;
}

/** A read-only text with a button that copies it. A click selects it. */
export function CopyField(props: Props) {
  const { label, value, shown = false, masked = false, action = strings.copy, children } = props;
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [copied, setCopied] = useState(false);

  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), copiedFor);
    return () => clearTimeout(timer);
  }, [copied]);

  const copy = async () => {
    input.current?.select();
    setCopied(await copyText(value));
  };

  return (
    <div className="copy-field">
      <label className={shown ? "copy-field__label" : "visually-hidden"} htmlFor={id}>
        {label}
      </label>
      <input
        id={id}
        ref={input}
        className="copy-field__text"
        type={masked ? "password" : "text"}
        autoComplete="off"
        dir="ltr"
        value={value}
        readOnly
        onFocus={(event) => event.currentTarget.select()}
      />
      {children}
      <IconButton label={shown ? `${action}: ${label}` : action} onClick={copy}>
        {copied ? <Check aria-hidden="true" /> : <Copy aria-hidden="true" />}
      </IconButton>
      <span className="visually-hidden" role="status">
        {copied ? strings.copied : ""}
      </span>
    </div>
  );
}
