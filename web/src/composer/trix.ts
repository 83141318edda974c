import type { TrixModule } from "trix/dist/trix.esm.js";
import { strings } from "../strings";

/** Attribute names in Trix. */
export type TextFormat = "bold" | "italic" | "strike" | "inlineCode";
export type BlockFormat = "heading1" | "quote" | "code" | "bullet" | "number";

let loading: Promise<TrixModule> | null = null;
let loaded: TrixModule | null = null;

/** Loads Trix once, outside the initial bundle. After a failure the next call tries again. */
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
  // `code` is the name of the block attribute.
  textAttributes.inlineCode = { tagName: "code", inheritable: true };
  // The author of a quote in a reply.
  blockAttributes.cite = { tagName: "cite", terminal: true, breakOnReturn: true, group: false };
  lang.remove = strings.editor.remove;
  await customElements.whenDefined("trix-editor");
  loaded = trix;
  return trix;
}

/** Trix, or null if it is not loaded. */
export function trixIfLoaded(): TrixModule | null {
  return loaded;
}

/** Trix, for code that has an editor; throws if it is not loaded. */
export function loadedTrix(): TrixModule {
  if (!loaded) throw new Error("Trix is not loaded");
  return loaded;
}
