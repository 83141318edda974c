import type { Plugin } from "vite";

/** The line in which Trix adds a `<style>` element to the page. */
const insertion = "document.head.insertBefore(element, document.head.firstChild);";

/**
 * Removes the injection of Trix's basic styles as `<style>` elements, which our
 * Content-Security-Policy blocks. `styles/parts/editor.css` includes them.
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
