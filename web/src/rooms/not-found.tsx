import { Compass } from "lucide-react";
import { Link } from "react-router";
import { Notice } from "../ui/notice";
import { useTitle } from "../ui/title";
import { words } from "../words";
import { Page } from "./page";

/** An address that leads nowhere. */
export function NotFound() {
  useTitle(words.notFound.title);
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
