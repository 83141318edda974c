import { type ComponentProps, type ReactNode, useId } from "react";
import { classNames } from "./button";

interface Props extends Omit<ComponentProps<"input">, "type" | "role" | "size"> {
  checked: boolean;
  /** What it switches, for everybody to read. */
  children: ReactNode;
  /** Another name for screen readers, where the words beside it say too little. */
  label?: string;
  hint?: string;
}

/** A line with a switch at its end. The whole line can be pressed. */
export function Switch({ children, label, hint, checked, className, ...rest }: Props) {
  const id = useId();
  return (
    <label className={classNames("switch", className)}>
      <span className="switch__words">
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
