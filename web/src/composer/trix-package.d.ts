/** The part of the Trix API that is used here. The package has no types. */
declare module "trix/dist/trix.esm.js" {
  export type Range = [number, number];

  export interface Attachment {
    readonly id: number;
    getAttribute(name: string): unknown;
    getContent(): string | undefined;
  }

  interface Piece {
    getAttribute(name: string): unknown;
    toString(): string;
  }

  interface Block {
    /** Block attributes, outermost first. */
    getAttributes(): string[];
    readonly text: { getPieces(): Piece[] };
  }

  /** Immutable: every change returns a new document. */
  export interface Document {
    getLength(): number;
    getBlockAtIndex(index: number): Block | undefined;
    locationFromPosition(position: number): { index: number; offset: number };
    removeTextAtRange(range: Range): Document;
    addAttributeAtRange(attribute: string, value: unknown, range: Range): Document;
    applyBlockAttributeAtRange(attribute: string, value: unknown, range: Range): Document;
    getCommonAttributesAtRange(range: Range): Record<string, unknown>;
    toString(): string;
  }

  interface Composition {
    loadSnapshot(snapshot: { document: Document; selectedRange: Range }): void;
    /** Selects the whole link around the cursor. */
    expandSelectionForEditing(): void;
  }

  export interface Editor {
    /** Undocumented; unlike the editor's own, its `loadSnapshot` keeps the undo history. */
    readonly composition: Composition;
    loadHTML(html: string): void;
    getDocument(): Document;
    getSelectedRange(): Range;
    setSelectedRange(range: Range): void;
    getClientRectAtPosition(position: number): DOMRect | undefined;
    deleteInDirection(direction: "backward" | "forward"): void;
    insertAttachment(attachment: Attachment): void;
    insertHTML(html: string): void;
    insertString(text: string): void;
    insertLineBreak(): void;
    activateAttribute(name: string, value?: unknown): void;
    deactivateAttribute(name: string): void;
    attributeIsActive(name: string): boolean;
    canIncreaseNestingLevel(): boolean;
    canDecreaseNestingLevel(): boolean;
    increaseNestingLevel(): void;
    decreaseNestingLevel(): void;
    recordUndoEntry(description: string): void;
    undo(): void;
    redo(): void;
  }

  export interface TrixEditorElement extends HTMLElement {
    readonly editor: Editor;
    /** The HTML as of the last rendering. */
    readonly value: string;
    /** Whether a hidden input is created next to the editor. */
    willCreateInput: boolean;
    /** Undocumented: renders what was typed since the last frame. */
    readonly editorController: { render(): void };
  }

  interface Config {
    blockAttributes: Record<string, object>;
    textAttributes: Record<string, object>;
    lang: Record<string, string>;
  }

  const Trix: {
    config: Config;
    Attachment: new (attributes: Record<string, string>) => Attachment;
    models: { HTMLParser: { parse(html: string): { getDocument(): Document } } };
  };
  export type TrixModule = typeof Trix;
  export default Trix;
}
