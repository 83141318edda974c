import type { ComponentProps, MouseEvent, ReactNode } from "react";

type ButtonVariant = "plain" | "reversed" | "negative";

interface ButtonProps extends ComponentProps<"button"> {
  look?: ButtonVariant;
  /** Waiting for a response: shows loading dots and ignores clicks. */
  busy?: boolean;
}

export function Button({
  look = "plain",
  busy = false,
  children,
  className,
  onClick,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={classNames("button", `button--${look}`, busy && "button--busy", className)}
      // Not `disabled`, which would take the focus away from keyboard users.
      aria-disabled={busy || undefined}
      aria-busy={busy}
      onClick={busy ? preventSubmit : onClick}
    >
      {children}
      {busy && <LoadingDots />}
    </button>
  );
}

/** A busy button does not submit its form either. */
function preventSubmit(event: MouseEvent) {
  event.preventDefault();
}

interface IconButtonProps extends ComponentProps<"button"> {
  label: string;
  look?: ButtonVariant;
  children: ReactNode;
}

/** A round button with an icon. The label is for screen readers and the tooltip. */
export function IconButton({
  label,
  look = "plain",
  children,
  className,
  ...rest
}: IconButtonProps) {
  return (
    <button
      type="button"
      title={label}
      aria-label={label}
      {...rest}
      className={classNames("icon-button", `icon-button--${look}`, className)}
    >
      {children}
    </button>
  );
}

export function LoadingDots() {
  return (
    <span className="dots" aria-hidden="true">
      <span className="dots__dot" />
      <span className="dots__dot" />
      <span className="dots__dot" />
    </span>
  );
}

/** Joins class names and skips falsy values. */
export function classNames(...parts: (string | false | null | undefined)[]): string {
  return parts.filter(Boolean).join(" ");
}
