import { useEffect, useRef } from "react";
import type { TrixEditorElement } from "trix/dist/trix.esm.js";
import { applyAutoformat, applyCodeFence, autoformatAt } from "./autoformat";
import { applyTool } from "./formats";
import { type Intent, intentOf, keyOf } from "./key-intents";
import { isCode, lineBefore, lineUpTo } from "./line";
import { objectReplacement } from "./markdown";
import { paste } from "./paste";

interface Actions {
  /** Whether Enter sends, outside code. */
  enterSubmits: boolean;
  submit: () => void;
  cancel: () => void;
  up: () => void;
  link: () => void;
  files: () => void;
  /** Handles a key first; returns whether it did. */
  offerKey: (event: KeyboardEvent) => boolean;
  /** Handles typed text before the document changes; returns whether it did. */
  offerText: (text: string) => boolean;
}

/** Characters that can complete an autoformat. */
const autoformatTrigger = /^[*_~` ]$/;

/**
 * Handles keys, autoformat and the clipboard in the editor. Returns the key handler of the plain
 * field, for use until Trix is loaded.
 */
export function useEditorEvents(element: TrixEditorElement | null, actions: Actions) {
  const latest = useRef(actions);
  latest.current = actions;

  useEffect(() => {
    const frame = element?.parentElement;
    if (!element || !frame) return;
    const { editor } = element;

    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return;
      const key = keyOf(event);
      if (!key.composing && latest.current.offerKey(event)) {
        event.preventDefault();
        // Escape closed the suggestions only.
        event.stopPropagation();
        return;
      }
      if (event.key === "Tab" && !isInList(element)) {
        // Trix would split the quote; here Tab moves to the next control.
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
        enterSubmits: latest.current.enterSubmits && !isInCode(element),
        isEmpty: element.value === "",
      });
      if (intent && performIntent(element, intent, latest.current)) event.preventDefault();
    };
    const offerInsertedText = (event: InputEvent) => {
      const { data, inputType, isComposing, cancelable } = event;
      if (inputType !== "insertText" || isComposing || !cancelable || !data) return;
      if (!latest.current.offerText(data)) return;
      event.preventDefault();
      event.stopPropagation();
    };
    // The text is in the document, but not rendered yet.
    const autoformatInsertedText = (event: InputEvent) => {
      const { data, inputType, isComposing, cancelable } = event;
      if (inputType !== "insertText" || isComposing || !cancelable || !data) return;
      if (event.defaultPrevented || !autoformatTrigger.test(data)) return;
      const line = lineUpTo(editor, editor.getSelectedRange()[0] + data.length);
      if (!line || !autoformatAt(line)) return;
      event.preventDefault();
      element.editorController.render();
      applyAutoformat(editor);
    };
    // Text from an IME cannot be prevented; it is autoformatted after rendering.
    const onCompositionEnd = () => requestAnimationFrame(() => applyAutoformat(editor));
    const onPaste = (event: ClipboardEvent) => paste(element, event, latest.current.files);
    const onDrop = (event: DragEvent) => {
      if (!event.dataTransfer?.files.length) return;
      event.preventDefault();
      event.stopPropagation();
      latest.current.files();
    };
    // Files would be embedded as text, whichever way they arrive.
    const rejectFile = (event: Event) => event.preventDefault();

    // In the capture phase, so that Trix does not handle the same event.
    frame.addEventListener("keydown", onKeyDown, true);
    frame.addEventListener("paste", onPaste, true);
    frame.addEventListener("drop", onDrop, true);
    frame.addEventListener("beforeinput", offerInsertedText, true);
    frame.addEventListener("beforeinput", autoformatInsertedText);
    frame.addEventListener("compositionend", onCompositionEnd);
    frame.addEventListener("trix-file-accept", rejectFile);
    return () => {
      frame.removeEventListener("beforeinput", offerInsertedText, true);
      frame.removeEventListener("keydown", onKeyDown, true);
      frame.removeEventListener("paste", onPaste, true);
      frame.removeEventListener("drop", onDrop, true);
      frame.removeEventListener("beforeinput", autoformatInsertedText);
      frame.removeEventListener("compositionend", onCompositionEnd);
      frame.removeEventListener("trix-file-accept", rejectFile);
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

/** Runs an intent. Returns whether the key is handled. */
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
      // If the browser inserted the line break, it would show for a frame before Trix knows its
      // format.
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
      // Without anything to link, the shortcut belongs to the page: it opens the switcher.
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

/** Whether text is selected, or the cursor is in a link. */
function hasLinkable({ editor }: TrixEditorElement): boolean {
  const [start, end] = editor.getSelectedRange();
  return start !== end || editor.attributeIsActive("href");
}

/** Browsers report a new selection with a delay; a quick key press would use the old one. */
function syncSelection() {
  document.dispatchEvent(new Event("selectionchange"));
}

function isInCode({ editor }: TrixEditorElement): boolean {
  const line = lineBefore(editor);
  return line !== null && isCode(line);
}

function isInList({ editor }: TrixEditorElement): boolean {
  return editor.attributeIsActive("bullet") || editor.attributeIsActive("number");
}

/** In a list, where Tab indents, this key leads to the toolbar. Returns whether there is one. */
function focusToolbar(frame: HTMLElement): boolean {
  const button = frame.closest(".editor")?.querySelector<HTMLElement>("[role=toolbar] button");
  button?.focus();
  return button !== null && button !== undefined;
}

/** Removes a mention before the cursor at once; Trix would select it first. */
function removeAttachment({ editor }: TrixEditorElement): boolean {
  const [cursor, end] = editor.getSelectedRange();
  if (cursor !== end || editor.getDocument().toString()[cursor - 1] !== objectReplacement)
    return false;
  editor.recordUndoEntry("Delete");
  editor.setSelectedRange([cursor - 1, cursor]);
  editor.deleteInDirection("backward");
  return true;
}
