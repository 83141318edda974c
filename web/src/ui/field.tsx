import { type ComponentProps, type ReactNode, useId } from "react";
import { classNames } from "./button";

interface Props extends ComponentProps<"input"> {
  label: string;
  icon?: ReactNode;
  hint?: string;
  /** The validation error, as a sentence. */
  error?: string | undefined;
}

/** A labeled input with a hint or an error below. */
export function Field({ label, icon, hint, error, className, ...rest }: Props) {
  const id = useId();
  const note = error ?? hint;
  return (
    <div className={classNames("field", error && "field--wrong", className)}>
      <label className="field__label" htmlFor={id}>
        {label}
      </label>
      <span className="field__box">
        {icon && <span className="field__icon">{icon}</span>}
        <input
          {...rest}
          id={id}
          className="field__input"
          aria-invalid={error ? true : undefined}
          aria-describedby={note ? `${id}-note` : undefined}
        />
      </span>
      {note && (
        <span id={`${id}-note`} className="field__note">
          {note}
        </span>
      )}
    </div>
  );
}
