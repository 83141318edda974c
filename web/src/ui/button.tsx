import type { ComponentProps, MouseEvent, ReactNode } from "react";

type ButtonVariant = "plain" | "reversed" | "negative";

interface ButtonProps extends ComponentProps<"button"> {
  look?: ButtonVariant;
  /** Waiting for an answer: shows moving dots and takes no further click. */
  busy?: boolean;
}

/** A pill with words on it. */
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
      // Not `disabled`: that takes the focus away, and who uses the keyboard would have to find back.
      aria-disabled={busy || undefined}
      aria-busy={busy}
      onClick={busy ? ignore : onClick}
    >
      {children}
      {busy && <LoadingDots />}
    </button>
  );
}

/** Also a form is not sent by a button that is busy. */
function ignore(event: MouseEvent) {
  event.preventDefault();
}

interface IconButtonProps extends ComponentProps<"button"> {
  label: string;
  look?: ButtonVariant;
  children: ReactNode;
}

/** A round button with a picture; its words are for screen readers and on hover. */
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

/** Three moving dots: something is on its way. */
export function LoadingDots() {
  return (
    <span className="dots" aria-hidden="true">
      <span className="dots__dot" />
      <span className="dots__dot" />
      <span className="dots__dot" />
    </span>
  );
}

/** Joins class names, leaving out what does not apply. */
export function classNames(...parts: (string | false | null | undefined)[]): string {
  return parts.filter(Boolean).join(" ");
}
