import { type ComponentProps, type ReactNode, useId } from "react";
import { classNames } from "./button";

interface Props extends Omit<ComponentProps<"input">, "type" | "role" | "size"> {
  checked: boolean;
  /** The visible label. */
  children: ReactNode;
  /** The accessible name, if the visible label is not specific enough. */
  label?: string;
  hint?: string;
}

/** A switch. The whole line is clickable. */
export function Switch({ children, label, hint, checked, className, ...rest }: Props) {
  const id = useId();
  return (
    <label className={classNames("switch", className)}>
      <span className="switch__text">
        {children}
        {hint && (
          <span className="switch__hint" id={id}>
            {hint}
          </span>
        )}
      </span>
      <input
        {...rest}
        className="switch__input"
        type="checkbox"
        role="switch"
        checked={checked}
        aria-checked={checked}
        aria-label={label}
        aria-describedby={hint ? id : undefined}
      />
      <span className="switch__track" aria-hidden="true" />
    </label>
  );
}
