import { type MouseEvent, memo, useEffect, useMemo, useRef } from "react";
import { useNavigate } from "react-router";

interface Props {
  /** Sanitized and rendered by the server, and inserted as is. */
  html: string;
  plain: string;
}

export const MessageBody = memo(function MessageBody({ html, plain }: Props) {
  const element = useRef<HTMLDivElement>(null);
  const navigate = useNavigate();

  // biome-ignore lint/correctness/useExhaustiveDependencies: new HTML has new links and code blocks
  useEffect(() => {
    if (!element.current) return;
    openExternalLinksInNewTab(element.current);
    hideBrokenImages(element.current);
    return highlightCodeBlocks(element.current);
  }, [html]);

  /** Links to pages of the app navigate without a page load. */
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

  // A new object would insert the same markup again and lose the highlighting.
  const content = useMemo(
    () =>
      html.trim() === "" ? { children: plain } : { dangerouslySetInnerHTML: { __html: html } },
    [html, plain],
  );
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the links inside handle the keyboard
    // biome-ignore lint/a11y/noStaticElementInteractions: handles clicks on the links inside
    <div className="message__body" dir="auto" ref={element} onClick={follow} {...content} />
  );
});

/** External links open in a new tab. */
function openExternalLinksInNewTab(body: HTMLElement) {
  for (const link of body.querySelectorAll<HTMLAnchorElement>("a[href]")) {
    if (link.origin === location.origin) continue;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
  }
}

/** An image that does not load is hidden; the text is enough without it. */
function hideBrokenImages(body: HTMLElement) {
  for (const picture of body.querySelectorAll("img")) {
    const hide = () => {
      picture.hidden = true;
    };
    if (picture.complete && picture.naturalWidth === 0) hide();
    picture.addEventListener("error", hide, { once: true });
  }
}

/** Loads the highlighter when there is code to highlight. Returns a function that cancels. */
function highlightCodeBlocks(body: HTMLElement): (() => void) | undefined {
  const blocks = body.querySelectorAll("pre");
  if (blocks.length === 0) return;
  let cancelled = false;
  import("./syntax-highlight").then(
    ({ highlightCode }) => !cancelled && highlightCode(blocks),
    // Code is readable without highlighting.
    () => undefined,
  );
  return () => {
    cancelled = true;
  };
}
