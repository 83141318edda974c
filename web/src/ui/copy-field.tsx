import { Check, Copy } from "lucide-react";
import { useEffect, useId, useRef, useState } from "react";
import { words } from "../words";
import { IconButton } from "./button";
import { copyText } from "./copy";

/** How long the button shows that it worked, in milliseconds. */
const applause = 2_000;

interface Props {
  label: string;
  value: string;
}

/** A text to take away: read-only, selected by a click, copied by a button. */
export function CopyField({ label, value }: Props) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [copied, setCopied] = useState(false);

  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), applause);
    return () => clearTimeout(timer);
  }, [copied]);

  const copy = async () => {
    input.current?.select();
    setCopied(await copyText(value));
  };

  return (
    <div className="copy-field">
      <label className="visually-hidden" htmlFor={id}>
        {label}
      </label>
      <input
        id={id}
        ref={input}
        className="copy-field__text"
        value={value}
        readOnly
        onFocus={(event) => event.currentTarget.select()}
      />
      <IconButton label={words.copy} onClick={copy}>
        {copied ? <Check aria-hidden="true" /> : <Copy aria-hidden="true" />}
      </IconButton>
      <span className="visually-hidden" role="status">
        {copied ? words.copied : ""}
      </span>
    </div>
  );
}
