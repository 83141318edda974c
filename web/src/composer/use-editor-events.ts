import { useEffect, useRef } from "react";
import type { TrixEditorElement } from "trix/dist/trix.esm.js";
import { applyAutoformat, applyCodeFence, autoformatAt } from "./autoformat";
import { applyTool } from "./formats";
import { type Intent, intentOf, keyOf } from "./key-intents";
import { isCode, lineBefore, lineUpTo } from "./line";
import { opaque } from "./markdown";
import { paste } from "./paste";

interface Actions {
  /** Whether Enter sends, outside of code. */
  enterSubmits: boolean;
  submit: () => void;
  cancel: () => void;
  up: () => void;
  link: () => void;
  files: () => void;
  /** Gets every key first; says whether it took it. */
  offerKey: (event: KeyboardEvent) => boolean;
  /** Gets typed text before the document does; says whether it took it. */
  offerText: (text: string) => boolean;
}

/** Characters that may complete a habit. */
const autoformatTrigger = /^[*_~` ]$/;

/**
 * Gives meaning to keys, typed habits and the clipboard in an editor. Returns what the plain field calls for
 * its keys, while there is no editor yet.
 */
export function useEditorEvents(element: TrixEditorElement | null, actions: Actions) {
  const latest = useRef(actions);
  latest.current = actions;

  useEffect(() => {
    const frame = element?.parentElement;
    if (!element || !frame) return;
    const { editor } = element;

    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return;
      const key = keyOf(event);
      if (!key.composing && latest.current.offerKey(event)) {
        event.preventDefault();
        // Esc closed the suggestions, nothing around.
        event.stopPropagation();
        return;
      }
      if (event.key === "Tab" && !standsInList(element)) {
        // The editor would take a quote apart with it; here it leads on to the next control.
        event.stopPropagation();
        return;
      }
      if (event.key === "F10" && event.altKey && focusToolbar(frame)) {
        event.preventDefault();
        return;
      }
      if (event.key === "Backspace" && !key.composing && removeAttachment(element)) {
        event.preventDefault();
        return;
      }
      const intent = intentOf(key, {
        enterSubmits: latest.current.enterSubmits && !standsInCode(element),
        isEmpty: element.value === "",
      });
      if (intent && performIntent(element, intent, latest.current)) event.preventDefault();
    };
    const beforeTyping = (event: InputEvent) => {
      const { data, inputType, isComposing, cancelable } = event;
      if (inputType !== "insertText" || isComposing || !cancelable || !data) return;
      if (!latest.current.offerText(data)) return;
      event.preventDefault();
      event.stopPropagation();
    };
    // The document has the text by now, the page not yet.
    const type = (event: InputEvent) => {
      const { data, inputType, isComposing, cancelable } = event;
      if (inputType !== "insertText" || isComposing || !cancelable || !data) return;
      if (event.defaultPrevented || !autoformatTrigger.test(data)) return;
      const line = lineUpTo(editor, editor.getSelectedRange()[0] + data.length);
      if (!line || !autoformatAt(line)) return;
      event.preventDefault();
      element.editorController.render();
      applyAutoformat(editor);
    };
    // What an input method typed cannot be held back: it is looked at when it is on the page.
    const composed = () => requestAnimationFrame(() => applyAutoformat(editor));
    const pasted = (event: ClipboardEvent) => paste(element, event, latest.current.files);
    const dropped = (event: DragEvent) => {
      if (!event.dataTransfer?.files.length) return;
      event.preventDefault();
      event.stopPropagation();
      latest.current.files();
    };
    // Whatever way a file finds in: it would be embedded as text.
    const refuse = (event: Event) => event.preventDefault();

    // In the capturing phase, so that the editor leaves alone what is used up here.
    frame.addEventListener("keydown", press, true);
    frame.addEventListener("paste", pasted, true);
    frame.addEventListener("drop", dropped, true);
    frame.addEventListener("beforeinput", beforeTyping, true);
    frame.addEventListener("beforeinput", type);
    frame.addEventListener("compositionend", composed);
    frame.addEventListener("trix-file-accept", refuse);
    return () => {
      frame.removeEventListener("beforeinput", beforeTyping, true);
      frame.removeEventListener("keydown", press, true);
      frame.removeEventListener("paste", pasted, true);
      frame.removeEventListener("drop", dropped, true);
      frame.removeEventListener("beforeinput", type);
      frame.removeEventListener("compositionend", composed);
      frame.removeEventListener("trix-file-accept", refuse);
    };
  }, [element]);

  return (event: KeyboardEvent) => {
    const isEmpty = (event.target as HTMLTextAreaElement).value === "";
    const intent = intentOf(keyOf(event), { enterSubmits: actions.enterSubmits, isEmpty });
    if (intent !== "submit" && intent !== "up" && intent !== "cancel") return;
    actions[intent]();
    if (intent === "submit") event.preventDefault();
  };
}

/** Does what a key asks for. Says whether the key is used up. */
function performIntent(element: TrixEditorElement, intent: Intent, actions: Actions): boolean {
  const { editor } = element;
  switch (intent) {
    case "submit":
      element.editorController.render();
      if (!applyCodeFence(editor)) actions.submit();
      return true;
    case "break":
      element.editorController.render();
      if (applyCodeFence(editor)) return true;
      // Left to the browser, a break would be on the page for a frame before the document knows how.
      editor.recordUndoEntry("Typing");
      editor.insertLineBreak();
      return true;
    case "cancel":
      actions.cancel();
      return false;
    case "up":
      actions.up();
      return true;
    case "link":
      syncSelection();
      // With nothing to link, the same keys are the page's: they lead to another room.
      if (!hasLinkable(element)) return false;
      actions.link();
      return true;
    case "undo":
      editor.undo();
      return true;
    case "redo":
      editor.redo();
      return true;
    default:
      syncSelection();
      applyTool(element, intent);
      return true;
  }
}

/** Whether text is selected, or the cursor stands in a link. */
function hasLinkable({ editor }: TrixEditorElement): boolean {
  const [start, end] = editor.getSelectedRange();
  return start !== end || editor.attributeIsActive("href");
}

/** Browsers tell of a new selection a moment late; a quick key would still find the former one. */
function syncSelection() {
  document.dispatchEvent(new Event("selectionchange"));
}

function standsInCode({ editor }: TrixEditorElement): boolean {
  const line = lineBefore(editor);
  return line !== null && isCode(line);
}

function standsInList({ editor }: TrixEditorElement): boolean {
  return editor.attributeIsActive("bullet") || editor.attributeIsActive("number");
}

/** In a list, where Tab indents, this is the way to the toolbar. Says whether there is one. */
function focusToolbar(frame: HTMLElement): boolean {
  const button = frame.closest(".editor")?.querySelector<HTMLElement>("[role=toolbar] button");
  button?.focus();
  return button !== null && button !== undefined;
}

/** Removes a mention before the cursor at once; left to itself, the editor would select it first. */
function removeAttachment({ editor }: TrixEditorElement): boolean {
  const [cursor, end] = editor.getSelectedRange();
  if (cursor !== end || editor.getDocument().toString()[cursor - 1] !== opaque) return false;
  editor.recordUndoEntry("Delete");
  editor.setSelectedRange([cursor - 1, cursor]);
  editor.deleteInDirection("backward");
  return true;
}
