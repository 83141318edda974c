import { Volume2 } from "lucide-react";
import { useLayoutEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";
import type { TrixEditorElement } from "trix/dist/trix.esm.js";
import { strings } from "../strings";
import { Avatar } from "../ui/avatar";
import type { Suggestion, Suggestions } from "./use-suggestions";

/**
 * The distance between the list and the text, and the minimum to the edge of the window, in CSS
 * pixels.
 */
const gap = 6;

interface Props {
  id: string;
  element: TrixEditorElement;
  suggestions: Suggestions;
}

interface PopupPosition {
  left: number;
  top?: number;
  bottom?: number;
}

/** Suggestions at the cursor, above or below it. The focus stays in the text. */
export function SuggestionList({ id, element, suggestions }: Props) {
  const { items, active, setActive, accept, trigger } = suggestions;
  const list = useRef<HTMLDivElement>(null);
  const [position, setPosition] = useState<PopupPosition | null>(null);
  const start = trigger?.start;
  const isOpen = items.length > 0 && start !== undefined;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the height changes with the number of suggestions
  useLayoutEffect(() => {
    if (!isOpen) return setPosition(null);
    const reposition = () =>
      list.current && setPosition(popupPosition(element, start, list.current));
    reposition();
    window.addEventListener("resize", reposition);
    window.addEventListener("scroll", reposition, true);
    return () => {
      window.removeEventListener("resize", reposition);
      window.removeEventListener("scroll", reposition, true);
    };
  }, [element, isOpen, start, items.length]);

  useLayoutEffect(() => {
    list.current?.children[active]?.scrollIntoView({ block: "nearest" });
  }, [active]);

  if (!isOpen) return null;
  return createPortal(
    <div
      ref={list}
      id={id}
      className="suggestions"
      role="listbox"
      aria-label={trigger?.kind === "sound" ? strings.editor.sounds : strings.editor.people}
      // Hidden until it is positioned.
      style={position ?? { visibility: "hidden" }}
      onMouseDown={(event) => event.preventDefault()}
    >
      {items.map((item, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the focused text field handles the keys
        // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the text
        <div
          key={item.kind === "person" ? item.id : item.name}
          id={optionId(id, index)}
          className="suggestion"
          role="option"
          aria-selected={index === active}
          onMouseMove={() => index !== active && setActive(index)}
          onClick={() => accept(item)}
        >
          <Option item={item} />
        </div>
      ))}
    </div>,
    document.body,
  );
}

function Option({ item }: { item: Suggestion }) {
  if (item.kind === "sound") {
    return (
      <>
        <Volume2 aria-hidden="true" className="suggestion__icon" />
        <span className="suggestion__name">{item.name}</span>
        {item.text && <span className="suggestion__aside">{item.text}</span>}
      </>
    );
  }
  return (
    <>
      <Avatar initials={item.initials} color={item.color} src={item.avatar_url} />
      <span className="suggestion__name">{item.name}</span>
      {item.bio && <span className="suggestion__aside">{item.bio}</span>}
    </>
  );
}

export function optionId(listId: string, index: number): string {
  return `${listId}-${index}`;
}

function popupPosition(
  element: TrixEditorElement,
  start: number,
  list: HTMLElement,
): PopupPosition | null {
  const at = element.editor.getClientRectAtPosition(start) ?? element.getBoundingClientRect();
  const { offsetWidth, offsetHeight } = list;
  const left = Math.max(gap, Math.min(at.left, window.innerWidth - offsetWidth - gap));
  const below = window.innerHeight - at.bottom;
  if (below >= offsetHeight + 2 * gap || below > at.top) return { left, top: at.bottom + gap };
  return { left, bottom: window.innerHeight - at.top + gap };
}
