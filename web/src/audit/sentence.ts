import type { AuditEntry } from "../api/types";
import { strings } from "../strings";

/** An entry as a sentence: who did what to whom. Without an actor it was the program itself. */
export function auditSentence({ action, actor, subject }: AuditEntry): string {
  const who = actor?.name ?? strings.audit.system;
  const whom = subject?.name ?? "";
  const say = strings.audit.actions[action];
  return say ? say(who, whom || strings.audit.nobody) : strings.audit.other(who, action, whom);
}
