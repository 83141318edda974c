import { useQuery } from "@tanstack/react-query";
import { LifeBuoy } from "lucide-react";
import type { ReactNode } from "react";
import { strings } from "../strings";
import { statusQuery } from "./queries";

/** Below the name tag: other ways in, whom to ask for help, and which version this is. */
export function SignInFooter({ children }: { children?: ReactNode }) {
  const { data: status } = useQuery(statusQuery);
  const contact = status?.contact;
  return (
    <div className="door-footer">
      {children}
      {contact && (
        <p className="door-footer__help">
          {strings.doors.helpIntro}
          <a
            className="link door-footer__contact"
            href={`mailto:${contact.email_address}`}
            title={strings.doors.help(contact.name)}
          >
            <LifeBuoy aria-hidden="true" />
            {contact.email_address}
          </a>
        </p>
      )}
      {status && <p className="door-footer__version">{strings.doors.version(status.version)}</p>}
    </div>
  );
}
