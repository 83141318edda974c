// Follows links inside the app without a page load, for long lists: a router's own link is drawn anew whenever the address changes.
import { type MouseEvent, useCallback, useRef } from "react";
import { useNavigate } from "react-router";

/** A click handler for plain links; it never changes. Clicks that ask for a new tab or window are left to the browser. */
export function useLinkNavigation(): (event: MouseEvent<HTMLAnchorElement>) => void {
  const current = useNavigate();
  const navigate = useRef(current);
  navigate.current = current;
  return useCallback((event) => {
    const special = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
    if (event.defaultPrevented || event.button !== 0 || special) return;
    event.preventDefault();
    const { pathname, search, hash } = event.currentTarget;
    navigate.current(`${pathname}${search}${hash}`);
  }, []);
}
