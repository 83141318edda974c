import { type ComponentProps, useId, useState } from "react";
import { strings } from "../strings";
import { classNames } from "./button";

interface Props extends ComponentProps<"textarea"> {
  label: string;
  /** The limit in characters. The counter shows what is left. */
  maxLength: number;
  error?: string | undefined;
}

/** Announces the remaining characters when there are fewer than this. */
const announceBelow = 40;

/** A labeled multi-line field with a character counter. */
export function TextArea({ label, maxLength, error, defaultValue, className, ...rest }: Props) {
  const id = useId();
  const [length, setLength] = useState(String(defaultValue ?? "").length);
  const left = maxLength - length;
  return (
    <div className={classNames("field", error && "field--wrong", className)}>
      <label className="field__label" htmlFor={id}>
        {label}
      </label>
      <span className="field__box field__box--area">
        <textarea
          {...rest}
          id={id}
          className="field__input field__input--area"
          defaultValue={defaultValue}
          maxLength={maxLength}
          aria-invalid={error ? true : undefined}
          aria-describedby={`${id}-note`}
          onChange={(event) => {
            setLength(event.target.value.length);
            rest.onChange?.(event);
          }}
        />
      </span>
      <span id={`${id}-note`} className="field__note">
        {error ?? strings.panel.left(left)}
      </span>
      <span className="visually-hidden" role="status">
        {left <= announceBelow ? strings.panel.left(left) : ""}
      </span>
    </div>
  );
}
