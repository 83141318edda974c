import type { ReactNode } from "react";
import { Logo } from "../ui/logo";

interface Props {
  title: string;
  intro?: string;
  logo?: string | null | undefined;
  children: ReactNode;
  footer?: ReactNode;
}

/** The card on a lanyard that everybody gets at the door. */
export function SignInCard({ title, intro, logo, children, footer }: Props) {
  return (
    <main className="door" id="main-content">
      <div className="door__lanyard" aria-hidden="true" />
      <div className="name-tag">
        <div className="name-tag__slot" aria-hidden="true" />
        <header className="name-tag__header">
          <Logo src={logo} />
          <h1 className="name-tag__title">{title}</h1>
          {intro && <p className="name-tag__intro">{intro}</p>}
        </header>
        {children}
      </div>
      {footer && <footer className="door__footer">{footer}</footer>}
    </main>
  );
}
