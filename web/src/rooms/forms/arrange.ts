import type { User } from "../../api/types";

interface Groups {
  /** Members of the room whose names fit. */
  inside: User[];
  /** Everybody else whose name fits. */
  others: User[];
}

/**
 * Members first, then the others, as the server ordered them. In a room for everybody there is only one
 * group. Members are filtered here: all of them are known.
 */
export function arranged(
  members: readonly User[],
  found: readonly User[],
  filter: string,
  isOneGroup: boolean,
): Groups {
  if (isOneGroup) return { inside: [], others: found.filter(isActive) };
  const known = new Set(members.map(({ id }) => id));
  return {
    inside: members.filter(({ name }) => fits(name, filter)),
    others: found.filter((person) => !known.has(person.id) && isActive(person)),
  };
}

function isActive({ status }: User): boolean {
  return status === "active";
}

/** Whether a name contains the words, without regard to case and accents. */
export function fits(name: string, filter: string): boolean {
  return plain(name).includes(plain(filter.trim()));
}

function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase();
}
