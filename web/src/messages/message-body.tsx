import { type MouseEvent, memo, useEffect, useMemo, useRef } from "react";
import { useNavigate } from "react-router";

interface Props {
  /** Sanitised and rendered by the server: it is inserted as it is. */
  html: string;
  plain: string;
}

/** What somebody wrote. */
export const MessageBody = memo(function MessageBody({ html, plain }: Props) {
  const element = useRef<HTMLDivElement>(null);
  const navigate = useNavigate();

  // biome-ignore lint/correctness/useExhaustiveDependencies: new markup brings new links and code
  useEffect(() => {
    if (!element.current) return;
    openExternalLinksInNewTab(element.current);
    hideBrokenImages(element.current);
    return highlightCodeBlocks(element.current);
  }, [html]);

  /** Links to our own pages change the page without loading it anew. */
  const follow = (event: MouseEvent) => {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    const isPlainClick =
      event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
    if (!link || !isPlainClick || event.defaultPrevented) return;
    if (
      link.origin !== location.origin ||
      link.target ||
      !/^\/(rooms|users)\/\d/.test(link.pathname)
    )
      return;
    event.preventDefault();
    navigate(link.pathname + link.search);
  };

  // The same object for the same markup: another one would be inserted again, without its colours.
  const content = useMemo(
    () =>
      html.trim() === "" ? { children: plain } : { dangerouslySetInnerHTML: { __html: html } },
    [html, plain],
  );
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the links inside take the keyboard
    // biome-ignore lint/a11y/noStaticElementInteractions: the links inside are what is clicked
    <div className="message__body" dir="auto" ref={element} onClick={follow} {...content} />
  );
});

/** Other people's pages never replace the conversation. */
function openExternalLinksInNewTab(body: HTMLElement) {
  for (const link of body.querySelectorAll<HTMLAnchorElement>("a[href]")) {
    if (link.origin === location.origin) continue;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
  }
}

/** The words stand for themselves: a picture that does not load leaves no hole. */
function hideBrokenImages(body: HTMLElement) {
  for (const picture of body.querySelectorAll("img")) {
    const hide = () => {
      picture.hidden = true;
    };
    if (picture.complete && picture.naturalWidth === 0) hide();
    picture.addEventListener("error", hide, { once: true });
  }
}

/** Fetches what colours code when the first code is there. Returns how to call it off. */
function highlightCodeBlocks(body: HTMLElement): (() => void) | undefined {
  const blocks = body.querySelectorAll("pre");
  if (blocks.length === 0) return;
  let gone = false;
  import("./highlight").then(
    ({ highlightCode }) => !gone && highlightCode(blocks),
    // Without its colours code can be read as well.
    () => undefined,
  );
  return () => {
    gone = true;
  };
}
