// In-app navigation for plain links in long lists. React Router's `Link` would render every link
// again when the location changes.
import { type MouseEvent, useCallback, useRef } from "react";
import { useNavigate } from "react-router";

/**
 * A stable click handler for plain links. Clicks that open a new tab or window are left to the
 * browser.
 */
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
