import type { ReactNode } from "react";

interface Props {
  icon: ReactNode;
  title: string;
  children?: ReactNode;
  /** What can be done about it. */
  action?: ReactNode;
  /** Read out at once: something went wrong. */
  alert?: boolean;
}

/** What stands in the middle of an otherwise empty place. */
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
