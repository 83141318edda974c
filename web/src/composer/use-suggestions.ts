import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo, useRef, useState } from "react";
import type { TrixEditorElement } from "trix/dist/trix.esm.js";
import type { Mentionable, Sound } from "../api/types";
import { useDebounced } from "../ui/use-debounced";
import { escapeHtml } from "./markup";
import { mentionableQuery, soundsQuery } from "./queries";
import { autocompleted, matchingSuggestions } from "./suggestion-match";
import { loadedTrix } from "./trix";
import { type PlacedTrigger, useTrigger } from "./use-trigger";

export type Suggestion = (Mentionable & { kind: "person" }) | (Sound & { kind: "sound" });

/** How long typing must pause before a request, in milliseconds. */
const requestDelay = 200;

/** Punctuation that may follow a name. */
const punctuation = /^[ .,;:!?)\]}'"’”»…]$/;

export interface Suggestions {
  /** Empty if there are no suggestions. */
  items: readonly Suggestion[];
  active: number;
  trigger: PlacedTrigger | null;
  setActive: (index: number) => void;
  accept: (item: Suggestion) => void;
  /** Handles a key; returns whether it did. */
  press: (event: KeyboardEvent) => boolean;
  /** Handles typed text; returns whether it did. */
  type: (text: string) => boolean;
}

/** Suggestions at the cursor: people after `@`, sounds after `/play`. */
export function useSuggestions(element: TrixEditorElement | null, roomId: number): Suggestions {
  const { trigger, expectsPerson } = useTrigger(element);
  const found = useFound(roomId, trigger, expectsPerson);
  const position = trigger && `${trigger.kind} ${trigger.start}`;
  const [closedAt, setClosedAt] = useState<string | null>(null);
  const [choice, setChoice] = useState({ query: "", index: 0 });
  // Closing applies to one trigger position only.
  if (closedAt !== null && closedAt !== position) setClosedAt(null);

  const items = closedAt === position ? [] : found;
  const active = choice.query === trigger?.query ? Math.min(choice.index, items.length - 1) : 0;
  const setActive = (index: number) => setChoice({ query: trigger?.query ?? "", index });

  /**
   * The trigger that was just accepted: the next key press may arrive before the page has rendered,
   * and is not meant for it.
   */
  const acceptedTrigger = useRef<PlacedTrigger | null>(null);
  const accept = (item: Suggestion, then = " ") => {
    if (!element || !trigger) return;
    acceptedTrigger.current = trigger;
    insert(element, trigger, item, then);
  };
  const press = ({ key, shiftKey, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean => {
    if (!trigger || trigger === acceptedTrigger.current) return false;
    if (ctrlKey || metaKey || altKey || shiftKey) return false;
    if (key === "Tab" && closedAt !== null && found.length > 0) {
      setClosedAt(null);
      return true;
    }
    const item = items[active];
    if (!item) return false;
    // The command is complete: Enter sends it.
    if (key === "Enter" && item.kind === "sound" && item.name === trigger.query) return false;
    if (key === "ArrowDown") setActive((active + 1) % items.length);
    else if (key === "ArrowUp") setActive((active + items.length - 1) % items.length);
    else if (key === "Escape") setClosedAt(position);
    else if (key === "Enter" || key === "Tab") accept(item);
    else return false;
    return true;
  };
  const type = (text: string): boolean => {
    if (trigger?.kind !== "person" || trigger === acceptedTrigger.current) return false;
    if (!punctuation.test(text)) return false;
    const item = autocompleted(items, trigger.query);
    if (item) accept(item, text);
    return item !== null;
  };
  return { items, active, trigger, setActive, accept, press, type };
}

function useFound(
  roomId: number,
  trigger: PlacedTrigger | null,
  expectsPerson: boolean,
): readonly Suggestion[] {
  const isSound = trigger?.kind === "sound";
  const query = trigger?.query.trim() ?? "";
  const debouncedQuery = useDebounced(trigger?.kind === "person" ? query : "", requestDelay);
  // Recently active members are loaded before the first letter; the rest of a large room is
  // searched by name.
  const last = useQuery({ ...mentionableQuery(roomId, ""), enabled: expectsPerson });
  const named = useQuery({
    ...mentionableQuery(roomId, debouncedQuery),
    enabled: debouncedQuery !== "" && expectsPerson,
    placeholderData: keepPreviousData,
  });
  const sounds = useQuery({ ...soundsQuery, enabled: isSound });

  return useMemo(() => {
    if (isSound) {
      const all = sounds.data?.map((sound) => ({ ...sound, kind: "sound" as const })) ?? [];
      return matchingSuggestions(all, query);
    }
    if (query === "") return [];
    const people = new Map(
      [...(last.data ?? []), ...(named.data ?? [])].map((one) => [one.id, one]),
    );
    const all = Array.from(people.values(), (person) => ({ ...person, kind: "person" as const }));
    return matchingSuggestions(all, query).slice(0, 20);
  }, [isSound, query, sounds.data, last.data, named.data]);
}

/** Replaces the typed text with the suggestion, as one undoable step. */
function insert(
  { editor, editorController }: TrixEditorElement,
  { start }: PlacedTrigger,
  item: Suggestion,
  then: string,
) {
  // Up to the cursor: more may have been typed since the trigger was found.
  editorController.render();
  editor.setSelectedRange([start, Math.max(start, editor.getSelectedRange()[0])]);
  editor.recordUndoEntry("Suggestion");
  if (item.kind === "sound") {
    editor.insertString(item.name);
    return;
  }
  const { Attachment } = loadedTrix();
  editor.insertAttachment(
    new Attachment({
      sgid: item.sgid,
      contentType: "application/vnd.campfire.mention",
      content: `<span class="mention">${escapeHtml(item.name)}</span>`,
    }),
  );
  editor.insertString(then);
}
