import { ArrowLeft } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import { useLocation, useNavigate } from "react-router";
import { strings } from "../strings";
import { classNames, IconButton } from "./button";
import { usePageTitle } from "./page-title";

/** The router's name for the address that a page was loaded with. */
const initialLocationKey = "default";
/** Whether a page of settings was shown since then. */
let hasNavigated = false;

interface Props {
  title: string;
  /** Buttons at the end of the bar. */
  tools?: ReactNode;
  /** For lists and editors that need the room. */
  wide?: boolean;
  /** A field on the page takes the focus instead of the heading. */
  fieldFirst?: boolean;
  children: ReactNode;
}

/** A page of settings beside the sidebar: a heading, a way back, and panels below. */
export function PanelPage({ title, tools, wide, fieldFirst = false, children }: Props) {
  usePageTitle(title);
  const heading = useRef<HTMLHeadingElement>(null);
  const { key } = useLocation();
  useEffect(() => {
    // Whoever came by a link inside the page hears where they are. A fresh page is read from its top.
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

/** To where one came from; from a fresh page, to the rooms. */
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
