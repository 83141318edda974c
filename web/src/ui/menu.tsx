import { DropdownMenu } from "radix-ui";
import type { ReactNode, RefObject } from "react";
import { classNames } from "./button";

interface Props {
  /** The button that opened the menu. The menu is placed at it and returns the focus to it. */
  button: RefObject<HTMLButtonElement | null>;
  label: string;
  className?: string;
  onClose: () => void;
  /** Runs after the menu has closed, instead of returning the focus. */
  afterwards?: RefObject<(() => void) | null>;
  children: ReactNode;
}

/**
 * An open menu. It is not modal, because that would inject a style element, which the
 * Content-Security-Policy forbids.
 */
export function Menu({ button, label, className, onClose, afterwards, children }: Props) {
  const restoreFocus = (event: Event) => {
    event.preventDefault();
    const next = afterwards?.current;
    if (next) next();
    else button.current?.focus();
  };
  // The button closes the menu itself.
  const keepForButton = (event: Event) => {
    if (event.target instanceof Node && button.current?.contains(event.target)) {
      event.preventDefault();
    }
  };
  return (
    <DropdownMenu.Root
      open
      modal={false}
      dir={document.dir === "rtl" ? "rtl" : "ltr"}
      onOpenChange={(open) => !open && onClose()}
    >
      <DropdownMenu.Trigger asChild>
        <span className="menu__anchor" aria-hidden="true" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          className={classNames("menu", className)}
          aria-label={label}
          aria-labelledby={undefined}
          align="end"
          sideOffset={4}
          collisionPadding={8}
          loop
          onCloseAutoFocus={restoreFocus}
          onPointerDownOutside={keepForButton}
        >
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
