import type { AuditEntry } from "../api/types";
import { words } from "../strings";

/** An entry as a sentence: who did what to whom. Without an actor it was the program itself. */
export function sentenceOf({ action, actor, subject }: AuditEntry): string {
  const who = actor?.name ?? words.audit.system;
  const whom = subject?.name ?? "";
  const say = words.audit.actions[action];
  return say ? say(who, whom || words.audit.nobody) : words.audit.other(who, action, whom);
}
