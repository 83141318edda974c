import { useQuery } from "@tanstack/react-query";
import { LifeBuoy } from "lucide-react";
import type { ReactNode } from "react";
import { strings } from "../strings";
import { statusQuery } from "./queries";

/** Below the card: other ways to sign in, whom to ask for help, and the version. */
export function SignInFooter({ children }: { children?: ReactNode }) {
  const { data: status } = useQuery(statusQuery);
  const contact = status?.contact;
  return (
    <div className="sign-in-footer">
      {children}
      {contact && (
        <p className="sign-in-footer__help">
          {strings.signInPages.helpIntro}
          <a
            className="link sign-in-footer__contact"
            href={`mailto:${contact.email_address}`}
            title={strings.signInPages.help(contact.name)}
          >
            <LifeBuoy aria-hidden="true" />
            {contact.email_address}
          </a>
        </p>
      )}
      {status && (
        <p className="sign-in-footer__version">{strings.signInPages.version(status.version)}</p>
      )}
    </div>
  );
}
