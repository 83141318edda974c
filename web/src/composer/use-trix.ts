import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { TrixEditorElement, TrixModule } from "trix/dist/trix.esm.js";
import { loadTrix, trixIfLoaded } from "./trix";

interface Options {
  /** Where the editor's element is put. React leaves the inside of it alone. */
  host: RefObject<HTMLDivElement | null>;
  label: string;
  placeholder: string | undefined;
  /** Something holds the place of the editor that must not be taken away now. */
  wait: boolean;
  /** Called with the new editor before it is shown. */
  begin: (element: TrixEditorElement) => void;
}

interface TrixState {
  element: TrixEditorElement | null;
  /** The engine could not be fetched. */
  failed: boolean;
}

/** The engine, as soon as it has been fetched; at once if it has been before. */
function useEngine(): TrixModule | "failed" | null {
  // At once where it is known: whoever begins to type must not meet a field that takes nothing yet.
  const [engine, setEngine] = useState<TrixModule | "failed" | null>(trixIfLoaded);
  useEffect(() => {
    let gone = false;
    const fetchIt = () =>
      loadTrix().then(
        (trix) => !gone && setEngine(trix),
        (error) => {
          console.warn("The editor could not be fetched; plain text works all the same.", error);
          if (gone) return;
          setEngine("failed");
          window.addEventListener("online", fetchIt, { once: true });
        },
      );
    fetchIt();
    return () => {
      gone = true;
      window.removeEventListener("online", fetchIt);
    };
  }, []);
  return engine;
}

/** Puts the editor's element into `host` as soon as it can be made. */
export function useTrix({ host, label, placeholder, wait, begin }: Options): TrixState {
  const engine = useEngine();
  const [element, setElement] = useState<TrixEditorElement | null>(null);
  const latestBegin = useRef(begin);
  latestBegin.current = begin;
  const canMake = engine !== null && engine !== "failed" && (!wait || element !== null);

  useLayoutEffect(() => {
    if (!host.current || !canMake) return;
    const made = editorIn(host.current);
    made.setAttribute("aria-label", label);
    if (placeholder) made.setAttribute("placeholder", placeholder);
    latestBegin.current(made);
    setElement(made);
    return () => {
      made.remove();
      setElement(null);
    };
  }, [canMake, host, label, placeholder]);

  return { element, failed: engine === "failed" };
}

let made = 0;

function editorIn(host: HTMLElement): TrixEditorElement {
  made += 1;
  // The engine wants a toolbar of its own kind; ours is another. An empty element keeps it content.
  const toolbar = document.createElement("div");
  toolbar.id = `editor-toolbar-${made}`;
  toolbar.hidden = true;
  const element = document.createElement("trix-editor") as TrixEditorElement;
  element.willCreateInput = false;
  element.className = "editor__text";
  element.setAttribute("toolbar", toolbar.id);
  element.setAttribute("aria-multiline", "true");
  element.setAttribute("dir", "auto");
  element.setAttribute("enterkeyhint", "enter");
  host.replaceChildren(toolbar, element);
  return element;
}
