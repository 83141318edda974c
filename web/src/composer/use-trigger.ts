import { useEffect, useState } from "react";
import type { TrixEditorElement } from "trix/dist/trix.esm.js";
import { isCode, lineBefore } from "./line";
import { mayMention, type Trigger, triggerAt } from "./trigger";

/** A trigger with its position in the document. */
export interface PlacedTrigger extends Trigger {
  start: number;
  end: number;
}

interface TriggerState {
  trigger: PlacedTrigger | null;
  /** A mention may follow. */
  expectsPerson: boolean;
}

const nothing: TriggerState = { trigger: null, expectsPerson: false };

/** The trigger before the cursor, while the editor has the focus. */
export function useTrigger(element: TrixEditorElement | null): TriggerState {
  const [state, setState] = useState(nothing);
  useEffect(() => {
    if (!element) return;
    const update = () => setState((before) => keepIfEqual(before, triggerState(element)));
    const clear = () => setState(nothing);
    element.addEventListener("trix-selection-change", update);
    element.addEventListener("trix-change", update);
    element.addEventListener("blur", clear);
    element.addEventListener("focus", update);
    return () => {
      element.removeEventListener("trix-selection-change", update);
      element.removeEventListener("trix-change", update);
      element.removeEventListener("blur", clear);
      element.removeEventListener("focus", update);
    };
  }, [element]);
  return state;
}

function triggerState({ editor }: TrixEditorElement): TriggerState {
  const line = lineBefore(editor);
  if (!line || isCode(line)) return nothing;
  const trigger = triggerAt(line.text, line.start === 0 && line.formats.length === 0);
  if (!trigger) return mayMention(line.text) ? { ...nothing, expectsPerson: true } : nothing;
  return {
    trigger: { ...trigger, start: line.start + trigger.from, end: line.cursor },
    expectsPerson: trigger.kind === "person",
  };
}

/** Returns the previous object if nothing changed, so that nothing renders again. */
function keepIfEqual(before: TriggerState, now: TriggerState): TriggerState {
  return JSON.stringify(before) === JSON.stringify(now) ? before : now;
}
