import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { TrixEditorElement, TrixModule } from "trix/dist/trix.esm.js";
import { loadTrix, trixIfLoaded } from "./trix";

interface Options {
  /** The parent of the editor's element. React does not manage its content. */
  host: RefObject<HTMLDivElement | null>;
  label: string;
  placeholder: string | undefined;
  /** Waits while replacing the plain field would interrupt an IME composition. */
  wait: boolean;
  /** Called with the new editor before it is shown. */
  initialize: (element: TrixEditorElement) => void;
}

interface TrixState {
  element: TrixEditorElement | null;
  /** Loading Trix failed. */
  failed: boolean;
}

/** Trix, once it is loaded. */
function useEngine(): TrixModule | "failed" | null {
  // Available in the first render if it is loaded, so that no typing is lost.
  const [engine, setEngine] = useState<TrixModule | "failed" | null>(trixIfLoaded);
  useEffect(() => {
    let cancelled = false;
    const load = () =>
      loadTrix().then(
        (trix) => !cancelled && setEngine(trix),
        (error) => {
          console.warn("Failed to load the editor; the plain text field is used instead.", error);
          if (cancelled) return;
          setEngine("failed");
          window.addEventListener("online", load, { once: true });
        },
      );
    load();
    return () => {
      cancelled = true;
      window.removeEventListener("online", load);
    };
  }, []);
  return engine;
}

/** Adds the editor's element to `host` once Trix is loaded. */
export function useTrix({ host, label, placeholder, wait, initialize }: Options): TrixState {
  const engine = useEngine();
  const [element, setElement] = useState<TrixEditorElement | null>(null);
  const latestInitialize = useRef(initialize);
  latestInitialize.current = initialize;
  const canMake = engine !== null && engine !== "failed" && (!wait || element !== null);

  useLayoutEffect(() => {
    if (!host.current || !canMake) return;
    const made = editorIn(host.current);
    made.setAttribute("aria-label", label);
    if (placeholder) made.setAttribute("placeholder", placeholder);
    latestInitialize.current(made);
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
  // Trix requires a toolbar element of its own; ours replaces it, so it gets an empty one.
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
