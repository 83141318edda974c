import { createContext, useContext, useEffect } from "react";

/** Turns the name of a page into the title of the browser tab, for example by adding a count. */
export const PageTitleFormat = createContext<(title: string) => string>((title) => title);

export function usePageTitle(title: string) {
  const format = useContext(PageTitleFormat);
  const formatted = format(title);
  useEffect(() => {
    document.title = formatted;
  }, [formatted]);
}
