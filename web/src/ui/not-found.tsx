import { Compass } from "lucide-react";
import { Link } from "react-router";
import { usePageTitle } from "../shell/unread-indicators";
import { words } from "../strings";
import { Notice } from "./notice";
import { Page } from "./page";

/** An address that leads nowhere. */
export function NotFound() {
  usePageTitle(words.notFound.title);
  return (
    <Page>
      <Notice
        icon={<Compass />}
        title={words.notFound.title}
        action={
          <Link className="button button--plain" to="/">
            {words.goHome}
          </Link>
        }
      >
        {words.notFound.text}
      </Notice>
    </Page>
  );
}
