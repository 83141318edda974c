import type { ReactNode } from "react";

interface Props {
  icon: ReactNode;
  title: string;
  children?: ReactNode;
  /** Buttons or links. */
  action?: ReactNode;
  /** Announces the notice at once, for errors. */
  alert?: boolean;
}

/** A message in the middle of an otherwise empty area. */
export function Notice({ icon, title, children, action, alert = false }: Props) {
  return (
    <section className="notice" role={alert ? "alert" : undefined}>
      <span className="notice__icon" aria-hidden="true">
        {icon}
      </span>
      <h2 className="notice__title">{title}</h2>
      {children && <p className="notice__text">{children}</p>}
      {action && <div className="notice__action">{action}</div>}
    </section>
  );
}
