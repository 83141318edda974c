import type { User } from "../api/types";
import { includesText } from "../ui/fuzzy-match";

interface Groups {
  /** Members of the room whose names fit. */
  members: User[];
  /** Everybody else whose name fits. */
  others: User[];
}

/**
 * Members first, then the others, as the server ordered them. In a room for everybody there is only one
 * group. The server filters, too, but its answer comes later than the letters.
 */
export function groupMembers(
  members: readonly User[],
  found: readonly User[],
  filter: string,
  isOneGroup: boolean,
): Groups {
  const known = new Set(isOneGroup ? [] : members.map(({ id }) => id));
  return {
    members: isOneGroup ? [] : members.filter(({ name }) => includesText(name, filter)),
    others: found.filter(
      ({ id, name, status }) => status === "active" && !known.has(id) && includesText(name, filter),
    ),
  };
}
