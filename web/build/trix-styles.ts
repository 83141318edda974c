import type { Plugin } from "vite";

/** The line with which Trix puts a `<style>` into the page. */
const insertion = "document.head.insertBefore(element, document.head.firstChild);";

/**
 * Trix brings its basic styles as `<style>` elements, which our Content-Security-Policy refuses. They stand
 * in `styles/parts/editor.css`; this keeps the elements out of the page.
 */
export function withoutTrixStyles(): Plugin {
  return {
    name: "without-trix-styles",
    transform(code, id) {
      if (!id.includes("/trix/dist/trix.esm.js")) return null;
      if (!code.includes(insertion)) this.error("Trix inserts its styles in another way now.");
      return { code: code.replace(insertion, ""), map: null };
    },
  };
}
