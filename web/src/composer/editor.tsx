import { Type } from "lucide-react";
import {
  type Ref,
  useCallback,
  useEffect,
  useId,
  useImperativeHandle,
  useRef,
  useState,
} from "react";
import type { TrixEditorElement } from "trix/dist/trix.esm.js";
import { strings } from "../strings";
import { classNames, IconButton } from "../ui/button";
import { finePointer, matchesMedia, useMediaQuery, wideScreen } from "../ui/media";
import { contentNow, contentOf, cursorToEnd, fill, load, replaceContent } from "./editor-content";
import { applyTool, noTools, type Tool, type ToolState, toolState } from "./formats";
import { LinkDialog } from "./link-dialog";
import { htmlToText, textToHtml, trimHtml } from "./markup";
import { PlainField } from "./plain-field";
import { optionId, SuggestionList } from "./suggestion-list";
import { Toolbar } from "./toolbar";
import { useEditorEvents } from "./use-editor-events";
import { useSuggestions } from "./use-suggestions";
import { useTrix } from "./use-trix";

/** The name of the modifier key on this platform. */
const commandKey = /Mac|iP(hone|ad)/.test(navigator.platform) ? "⌘" : "Ctrl+";

export interface EditorHandle {
  focus(): void;
  /** The content to send, without empty lines around it; empty if there is none. */
  html(): string;
  /** Replaces the content and resets the history, with the cursor at the end. */
  load(html: string): void;
  /** Replaces the content as an undoable step. */
  replace(html: string): void;
  closeToolbar(): void;
  /** Submits, like the Enter key. */
  submit(): void;
}

export interface EditorProps {
  initialHtml: string;
  roomId: number;
  label: string;
  placeholder?: string;
  autoFocus?: boolean;
  /** `always`, for editing a message: Enter breaks lines. `on-demand`: a button opens the toolbar. */
  toolbar: "always" | "on-demand";
  /** Never called with blank content. */
  onSubmit: (html: string) => void;
  onCancel?: () => void;
  /** Called after each change with the value of `html()`. */
  onChange?: (html: string) => void;
  /** ArrowUp in an empty editor. */
  onUp?: () => void;
  /** Files were pasted or dropped; the editor does not accept them. */
  onFiles?: () => void;
  handleRef?: Ref<EditorHandle>;
}

/** The rich text editor, for writing and editing messages. */
export function MessageEditor(props: EditorProps) {
  const { label, placeholder, toolbar } = props;
  const latest = useRef(props);
  latest.current = props;

  const host = useRef<HTMLDivElement>(null);
  const plain = useRef<HTMLTextAreaElement>(null);
  /** The initial content of the editor once it is loaded. */
  const [initial, setInitial] = useState(props.initialHtml);
  /** The text of the plain field; null while that shows the initial content. */
  const [typed, setTyped] = useState<string | null>(null);
  const [composing, setComposing] = useState(false);
  const [isOpen, setOpen] = useState(false);
  const [linking, setLinking] = useState(false);
  const [state, setState] = useState<ToolState>(noTools);
  const isWide = useMediaQuery(wideScreen);
  const hasMouse = useMediaQuery(finePointer);
  const showsTools = hasMouse && (toolbar === "always" || (isOpen && isWide));
  const takesFocus =
    props.autoFocus === true && (toolbar === "always" || matchesMedia(finePointer));

  const initialize = (element: TrixEditorElement) => {
    const wasFocused = document.activeElement === plain.current && plain.current !== null;
    fill(element, initial, typed);
    if (!wasFocused && !takesFocus) return;
    element.focus();
    cursorToEnd(element.editor);
  };
  const { element, failed } = useTrix({ host, label, placeholder, wait: composing, initialize });

  const plainText = element ? "" : (typed ?? htmlToText(initial));
  const html = useCallback(
    () => (element ? contentOf(element) : trimHtml(textToHtml(plainText))),
    [element, plainText],
  );
  const submit = useCallback(() => {
    const written = element ? contentNow(element) : trimHtml(textToHtml(plainText));
    if (written !== "") latest.current.onSubmit(written);
  }, [element, plainText]);

  const hint =
    toolbar === "always"
      ? strings.editor.saveHint(commandKey)
      : strings.editor.sendHint(commandKey);
  // In code, Enter breaks the line even without the toolbar.
  const isInCode = hasMouse && !showsTools && state.active.has("code");
  const use = (tool: Tool) => {
    if (!element) return;
    if (tool === "href") setLinking((open) => !open);
    else applyTool(element, tool);
  };
  const listId = useId();
  const suggestions = useSuggestions(element, props.roomId);
  const count = suggestions.items.length;
  useEffect(() => {
    if (!element) return;
    element.setAttribute("aria-autocomplete", "list");
    element.setAttribute("aria-haspopup", "listbox");
    if (count === 0) {
      element.removeAttribute("aria-controls");
      element.removeAttribute("aria-activedescendant");
      return;
    }
    element.setAttribute("aria-controls", listId);
    element.setAttribute("aria-activedescendant", optionId(listId, suggestions.active));
  }, [element, listId, count, suggestions.active]);
  const handleKey = useEditorEvents(element, {
    enterSubmits: toolbar === "on-demand" && hasMouse && !showsTools,
    submit,
    cancel: () => latest.current.onCancel?.(),
    up: () => latest.current.onUp?.(),
    link: () => use("href"),
    files: () => latest.current.onFiles?.(),
    offerKey: suggestions.press,
    offerText: suggestions.type,
  });

  useEffect(() => {
    if (!element) return;
    const change = () => latest.current.onChange?.(contentOf(element));
    const updateTools = () => setState(toolState(element.editor));
    element.addEventListener("trix-change", change);
    element.addEventListener("trix-attributes-change", updateTools);
    element.addEventListener("trix-actions-change", updateTools);
    change();
    updateTools();
    return () => {
      element.removeEventListener("trix-change", change);
      element.removeEventListener("trix-attributes-change", updateTools);
      element.removeEventListener("trix-actions-change", updateTools);
    };
  }, [element]);

  useImperativeHandle(props.handleRef, () => {
    const refill = (content: string) => {
      setInitial(content);
      setTyped(null);
      latest.current.onChange?.(content);
    };
    return {
      focus: () => (element ?? plain.current)?.focus(),
      html,
      load: (content) => (element ? load(element, content) : refill(content)),
      replace: (content) => (element ? replaceContent(element, content) : refill(content)),
      closeToolbar: () => {
        setOpen(false);
        setLinking(false);
      },
      submit,
    };
  }, [element, html, submit]);

  return (
    <div className={classNames("editor", showsTools && "editor--tools")}>
      {showsTools && (
        <Toolbar
          state={state}
          linking={linking}
          hint={hint}
          onUse={use}
          onLeave={() => element?.focus()}
        />
      )}
      {linking && element && <LinkDialog element={element} onClose={() => setLinking(false)} />}
      <div className="editor__row">
        <div className="editor__host" ref={host} />
        {!element && (
          <PlainField
            fieldRef={plain}
            label={label}
            placeholder={placeholder}
            value={plainText}
            // Formatting and mentions would be lost, so editing waits for Trix, unless loading it
            // failed.
            readOnly={initial !== "" && typed === null && !failed}
            autoFocus={takesFocus}
            onChange={(text) => {
              setTyped(text);
              latest.current.onChange?.(trimHtml(textToHtml(text)));
            }}
            onComposing={setComposing}
            onKeyDown={(event) => handleKey(event.nativeEvent)}
          />
        )}
        {toolbar === "on-demand" && isWide && hasMouse && element && (
          <IconButton
            label={strings.editor.richText}
            className="editor__toggle"
            aria-expanded={isOpen}
            onClick={() => {
              setOpen(!isOpen);
              setLinking(false);
              element.focus();
            }}
          >
            <Type aria-hidden="true" />
          </IconButton>
        )}
      </div>
      {isInCode && <p className="editor__hint">{hint}</p>}
      {element && <SuggestionList id={listId} element={element} suggestions={suggestions} />}
      <span className="visually-hidden" role="status">
        {count > 0 && strings.editor.suggestions(count)}
      </span>
    </div>
  );
}
