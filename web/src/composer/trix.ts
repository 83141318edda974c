import type { TrixModule } from "trix/dist/trix.esm.js";
import { strings } from "../strings";

/** Names of formats, as the editor's engine calls them. */
export type TextFormat = "bold" | "italic" | "strike" | "inlineCode";
export type BlockFormat = "heading1" | "quote" | "code" | "bullet" | "number";

let loading: Promise<TrixModule> | null = null;
let loaded: TrixModule | null = null;

/** Fetches the editor's engine, once, apart from the first screen. After a failure the next call tries again. */
export function loadTrix(): Promise<TrixModule> {
  loading ??= load().catch((error) => {
    loading = null;
    throw error;
  });
  return loading;
}

async function load(): Promise<TrixModule> {
  const { default: trix } = await import("trix/dist/trix.esm.js");
  const { blockAttributes, textAttributes, lang } = trix.config;
  // `code` is the name of the block already.
  textAttributes.inlineCode = { tagName: "code", inheritable: true };
  // Who wrote what a reply quotes.
  blockAttributes.cite = { tagName: "cite", terminal: true, breakOnReturn: true, group: false };
  lang.remove = strings.editor.remove;
  await customElements.whenDefined("trix-editor");
  loaded = trix;
  return trix;
}

/** The engine, if it has been fetched. */
export function trixIfLoaded(): TrixModule | null {
  return loaded;
}

/** The engine, for whoever holds an editor that it made. */
export function loadedTrix(): TrixModule {
  if (!loaded) throw new Error("No editor was made yet");
  return loaded;
}
