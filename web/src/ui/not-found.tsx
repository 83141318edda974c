import { Compass } from "lucide-react";
import { Link } from "react-router";
import { strings } from "../strings";
import { Notice } from "./notice";
import { Page } from "./page";
import { usePageTitle } from "./page-title";

/** The page for unknown URLs. */
export function NotFound() {
  usePageTitle(strings.notFound.title);
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
