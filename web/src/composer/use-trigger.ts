import { useEffect, useState } from "react";
import type { TrixEditorElement } from "trix/dist/trix.esm.js";
import { isCode, lineBefore } from "./line";
import { mayMention, type Trigger, triggerAt } from "./trigger";

/** A trigger with its position in the document. */
export interface PlacedTrigger extends Trigger {
  start: number;
  end: number;
}

interface Asked {
  trigger: PlacedTrigger | null;
  /** A mention may follow. */
  expectsPerson: boolean;
}

const nothing: Asked = { trigger: null, expectsPerson: false };

/** The trigger before the cursor, while the editor has the focus. */
export function useTrigger(element: TrixEditorElement | null): Asked {
  const [asked, setAsked] = useState(nothing);
  useEffect(() => {
    if (!element) return;
    const look = () => setAsked((before) => same(before, askedIn(element)));
    const leave = () => setAsked(nothing);
    element.addEventListener("trix-selection-change", look);
    element.addEventListener("trix-change", look);
    element.addEventListener("blur", leave);
    element.addEventListener("focus", look);
    return () => {
      element.removeEventListener("trix-selection-change", look);
      element.removeEventListener("trix-change", look);
      element.removeEventListener("blur", leave);
      element.removeEventListener("focus", look);
    };
  }, [element]);
  return asked;
}

function askedIn({ editor }: TrixEditorElement): Asked {
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
function same(before: Asked, now: Asked): Asked {
  return JSON.stringify(before) === JSON.stringify(now) ? before : now;
}
