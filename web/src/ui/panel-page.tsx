import { ArrowLeft } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import { useLocation, useNavigate } from "react-router";
import { strings } from "../strings";
import { classNames, IconButton } from "./button";
import { usePageTitle } from "./page-title";

/** React Router's location key of the page that was loaded first. */
const initialLocationKey = "default";
/** Whether a settings page was shown since the app was loaded. */
let hasNavigated = false;

interface Props {
  title: string;
  /** Buttons at the end of the header. */
  tools?: ReactNode;
  /** For lists and editors that need more width. */
  wide?: boolean;
  /** A field gets the focus instead of the heading. */
  fieldFirst?: boolean;
  children: ReactNode;
}

/** A settings page beside the sidebar: a heading, a back button, and panels. */
export function PanelPage({ title, tools, wide, fieldFirst = false, children }: Props) {
  usePageTitle(title);
  const heading = useRef<HTMLHeadingElement>(null);
  const { key } = useLocation();
  useEffect(() => {
    // After in-app navigation the focus moves to the heading, so that screen readers announce the
    // page. A page that was just loaded is read from the top.
    const isFresh = key === initialLocationKey && !hasNavigated;
    hasNavigated = true;
    if (!isFresh && !fieldFirst) heading.current?.focus();
  }, [key, fieldFirst]);
  return (
    <main
      className={classNames("panel-page", wide && "panel-page--wide")}
      id="main-content"
      tabIndex={-1}
    >
      <header className="panel-page__bar">
        <BackButton />
        <h1 className="panel-page__title" ref={heading} tabIndex={-1}>
          {title}
        </h1>
        <div className="panel-page__tools">{tools}</div>
      </header>
      <div className="panel-page__content">{children}</div>
    </main>
  );
}

/** Goes back in history; on a page that was just loaded, goes to the rooms. */
function BackButton() {
  const navigate = useNavigate();
  const { key } = useLocation();
  return (
    <IconButton
      label={strings.panel.back}
      onClick={() => (key === initialLocationKey ? navigate("/") : navigate(-1))}
    >
      <ArrowLeft className="flips" aria-hidden="true" />
    </IconButton>
  );
}
