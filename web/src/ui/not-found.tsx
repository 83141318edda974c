import { Compass } from "lucide-react";
import { Link } from "react-router";
import { useUnreadPageTitle } from "../shell/unread-indicators";
import { strings } from "../strings";
import { Notice } from "./notice";
import { Page } from "./page";

/** An address that leads nowhere. */
export function NotFound() {
  useUnreadPageTitle(strings.notFound.title);
  return (
    <Page>
      <Notice
        icon={<Compass />}
        title={strings.notFound.title}
        action={
          <Link className="button button--plain" to="/">
            {strings.goHome}
          </Link>
        }
      >
        {strings.notFound.text}
      </Notice>
    </Page>
  );
}
