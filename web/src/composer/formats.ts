import {
  Bold,
  Code,
  Heading,
  IndentDecrease,
  IndentIncrease,
  Italic,
  Link,
  List,
  ListOrdered,
  type LucideIcon,
  Quote,
  SquareCode,
  Strikethrough,
} from "lucide-react";
import type { Editor, TrixEditorElement } from "trix/dist/trix.esm.js";
import { strings } from "../strings";
import type { BlockFormat, TextFormat } from "./trix";

export type Tool = TextFormat | BlockFormat | "href" | "indent" | "outdent";

export const tools: readonly (readonly { tool: Tool; label: string; Icon: LucideIcon }[])[] = [
  [
    { tool: "bold", label: strings.editor.bold, Icon: Bold },
    { tool: "italic", label: strings.editor.italic, Icon: Italic },
    { tool: "strike", label: strings.editor.strike, Icon: Strikethrough },
    { tool: "href", label: strings.editor.link, Icon: Link },
    { tool: "inlineCode", label: strings.editor.inlineCode, Icon: Code },
  ],
  [
    { tool: "heading1", label: strings.editor.heading, Icon: Heading },
    { tool: "quote", label: strings.editor.quote, Icon: Quote },
    { tool: "code", label: strings.editor.code, Icon: SquareCode },
    { tool: "bullet", label: strings.editor.bullets, Icon: List },
    { tool: "number", label: strings.editor.numbers, Icon: ListOrdered },
  ],
  [
    { tool: "outdent", label: strings.editor.outdent, Icon: IndentDecrease },
    { tool: "indent", label: strings.editor.indent, Icon: IndentIncrease },
  ],
];

/** The state of the toolbar: active formats at the cursor, and tools that have no effect there. */
export interface ToolState {
  active: ReadonlySet<Tool>;
  idle: ReadonlySet<Tool>;
}

export const noTools: ToolState = { active: new Set(), idle: new Set(["indent", "outdent"]) };

export function toolState(editor: Editor): ToolState {
  const active = new Set<Tool>();
  const idle = new Set<Tool>();
  for (const { tool } of tools.flat()) {
    if (tool === "indent") !editor.canIncreaseNestingLevel() && idle.add(tool);
    else if (tool === "outdent") !editor.canDecreaseNestingLevel() && idle.add(tool);
    else if (editor.attributeIsActive(tool)) active.add(tool);
  }
  return { active, idle };
}

/**
 * Applies a tool at the last cursor position and returns the focus there. Links have a dialog of
 * their own.
 */
export function applyTool(element: TrixEditorElement, tool: Exclude<Tool, "href">) {
  const { editor } = element;
  const range = editor.getSelectedRange();
  element.focus();
  editor.setSelectedRange(range);
  editor.recordUndoEntry("Formatting");
  if (tool === "indent") editor.increaseNestingLevel();
  else if (tool === "outdent") editor.decreaseNestingLevel();
  else if (editor.attributeIsActive(tool)) editor.deactivateAttribute(tool);
  else editor.activateAttribute(tool);
}
