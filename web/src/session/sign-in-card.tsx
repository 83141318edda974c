import type { ReactNode } from "react";
import { Logo } from "../ui/logo";

interface Props {
  title: string;
  intro?: string;
  logo?: string | null | undefined;
  children: ReactNode;
  footer?: ReactNode;
}

/** The card on the pages for signing in, signing up and the first run. Styled as a badge on a lanyard. */
export function SignInCard({ title, intro, logo, children, footer }: Props) {
  return (
    <main className="sign-in" id="main-content">
      <div className="sign-in__lanyard" aria-hidden="true" />
      <div className="sign-in-card">
        <div className="sign-in-card__slot" aria-hidden="true" />
        <header className="sign-in-card__header">
          <Logo src={logo} />
          <h1 className="sign-in-card__title">{title}</h1>
          {intro && <p className="sign-in-card__intro">{intro}</p>}
        </header>
        {children}
      </div>
      {footer && <footer className="sign-in__footer">{footer}</footer>}
    </main>
  );
}
