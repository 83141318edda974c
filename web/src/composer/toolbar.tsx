import { type KeyboardEvent, useRef } from "react";
import { strings } from "../strings";
import { IconButton } from "../ui/button";
import { type Tool, type ToolState, tools } from "./formats";

interface Props {
  state: ToolState;
  linking: boolean;
  /** Which key sends while the toolbar is open. */
  hint: string;
  onUse: (tool: Tool) => void;
  /** Escape returns to the text. */
  onLeave: () => void;
}

/** The formatting toolbar. One tab stop; the arrow keys move between buttons. */
export function Toolbar({ state, linking, hint, onUse, onLeave }: Props) {
  const bar = useRef<HTMLDivElement>(null);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      return onLeave();
    }
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step || !bar.current) return;
    const buttons = Array.from(bar.current.querySelectorAll<Element>("button"));
    const at = document.activeElement ? buttons.indexOf(document.activeElement) : -1;
    const direction = getComputedStyle(bar.current).direction === "rtl" ? -step : step;
    const next = buttons.at((at + direction) % buttons.length);
    if (next instanceof HTMLElement) next.focus();
    event.preventDefault();
  };

  return (
    <div
      ref={bar}
      className="editor-toolbar"
      role="toolbar"
      aria-label={strings.editor.toolbar}
      onKeyDown={onKeyDown}
      // Keeps the focus in the text.
      onMouseDown={(event) => event.preventDefault()}
    >
      {tools.map((group) => (
        <div className="editor-toolbar__group" key={group[0]?.tool}>
          {group.map(({ tool, label, Icon }) => {
            const isStep = tool === "indent" || tool === "outdent";
            return (
              <IconButton
                key={tool}
                label={label}
                className="editor-toolbar__button"
                tabIndex={tool === "bold" ? 0 : -1}
                aria-pressed={isStep ? undefined : state.active.has(tool)}
                aria-disabled={state.idle.has(tool)}
                aria-expanded={tool === "href" ? linking : undefined}
                onClick={() => !state.idle.has(tool) && onUse(tool)}
              >
                <Icon aria-hidden="true" />
              </IconButton>
            );
          })}
        </div>
      ))}
      <span className="editor-toolbar__hint">{hint}</span>
    </div>
  );
}
