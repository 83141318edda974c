import { Compass } from "lucide-react";
import { Link } from "react-router";
import { Notice } from "../ui/notice";
import { words } from "../words";
import { Page } from "./page";
import { usePageTitle } from "./unread";

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
