import { type ReactNode, useId } from "react";
import { classNames } from "./button";

interface Props {
  title?: string;
  /** Introduces the panel, below its title. */
  intro?: ReactNode;
  className?: string;
  children: ReactNode;
}

/** A card on a settings page. */
export function Panel({ title, intro, className, children }: Props) {
  const id = useId();
  return (
    <section className={classNames("panel", className)} aria-labelledby={title ? id : undefined}>
      {title && (
        <h2 className="panel__title" id={id}>
          {title}
        </h2>
      )}
      {intro && <p className="panel__intro">{intro}</p>}
      {children}
    </section>
  );
}
