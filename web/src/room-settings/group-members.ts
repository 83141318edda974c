import type { User } from "../api/types";
import { includesText } from "../ui/fuzzy-match";

interface Groups {
  /** Members whose names match the filter. */
  members: User[];
  /** Other users whose names match the filter. */
  others: User[];
}

/**
 * Members first, then the others, in the server's order. In open rooms there is one group. Filters
 * locally as well, because the server's response takes longer than typing.
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
