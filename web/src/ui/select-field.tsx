import { ChevronDown } from "lucide-react";
import { type ComponentProps, useId } from "react";
import { classNames } from "./button";

interface Props extends ComponentProps<"select"> {
  label: string;
  hint?: string | undefined;
}

/** A labeled native select. */
export function SelectField({ label, hint, className, children, ...rest }: Props) {
  const id = useId();
  return (
    <div className={classNames("field", className)}>
      <label className="field__label" htmlFor={id}>
        {label}
      </label>
      <span className="field__box">
        <select
          {...rest}
          id={id}
          className="field__input field__input--select"
          aria-describedby={hint ? `${id}-note` : undefined}
        >
          {children}
        </select>
        <span className="field__icon field__icon--end" aria-hidden="true">
          <ChevronDown />
        </span>
      </span>
      {hint && (
        <span id={`${id}-note`} className="field__note">
          {hint}
        </span>
      )}
    </div>
  );
}
