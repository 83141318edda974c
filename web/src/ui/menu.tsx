import { DropdownMenu } from "radix-ui";
import type { ReactNode, RefObject } from "react";
import { classNames } from "./button";

interface Props {
  /** What opened it: it hangs there and gives the focus back there. */
  button: RefObject<HTMLButtonElement | null>;
  label: string;
  className?: string;
  onClose: () => void;
  /** Runs once the menu is gone, in place of giving the focus back. */
  afterwards?: RefObject<(() => void) | null>;
  children: ReactNode;
}

/**
 * An open menu. Not modal: that would put a style sheet into the page, which its policy forbids, and
 * nothing behind a menu is worth locking.
 */
export function Menu({ button, label, className, onClose, afterwards, children }: Props) {
  const settle = (event: Event) => {
    event.preventDefault();
    const next = afterwards?.current;
    if (next) next();
    else button.current?.focus();
  };
  // The button closes the menu by itself.
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
          onCloseAutoFocus={settle}
          onPointerDownOutside={keepForButton}
        >
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
