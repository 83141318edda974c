import { type MouseEvent, useEffect, useRef } from "react";
import { useNavigate } from "react-router";

interface Props {
  /** Sanitised and rendered by the server: it is inserted as it is. */
  html: string;
  plain: string;
}

/** What somebody wrote. */
export function MessageBody({ html, plain }: Props) {
  const element = useRef<HTMLDivElement>(null);
  const navigate = useNavigate();

  // biome-ignore lint/correctness/useExhaustiveDependencies: new markup brings new links
  useEffect(() => {
    for (const link of element.current?.querySelectorAll<HTMLAnchorElement>("a[href]") ?? []) {
      if (link.origin === location.origin) continue;
      link.target = "_blank";
      link.rel = "noopener noreferrer";
    }
  }, [html]);

  /** Links to our own pages change the page without loading it anew. */
  const follow = (event: MouseEvent) => {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    const isPlainClick =
      event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
    if (!link || !isPlainClick || event.defaultPrevented) return;
    if (link.origin !== location.origin || link.target || !/^\/rooms\/\d/.test(link.pathname))
      return;
    event.preventDefault();
    navigate(link.pathname + link.search);
  };

  const content =
    html.trim() === "" && plain !== ""
      ? { children: plain }
      : { dangerouslySetInnerHTML: { __html: html } };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the links inside take the keyboard
    // biome-ignore lint/a11y/noStaticElementInteractions: the links inside are what is clicked
    <div className="message__body" dir="auto" ref={element} onClick={follow} {...content} />
  );
}
