import type { AuditEntry } from "../api/types";
import { strings } from "../strings";

/** An audit log entry as a sentence. Without an actor it was the server itself. */
export function auditSentence({ action, actor, subject }: AuditEntry): string {
  const who = actor?.name ?? strings.audit.system;
  const whom = subject?.name ?? "";
  const format = strings.audit.actions[action];
  return format
    ? format(who, whom || strings.audit.someone)
    : strings.audit.other(who, action, whom);
}
