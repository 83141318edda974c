import { Crown } from "lucide-react";
import type { Person } from "../api/types";
import { words } from "../strings";
import { IconButton, names } from "../ui/button";
import { useRole } from "./use-role";

/** A crown: on for administrators. */
export function CrownToggle({ person, disabled }: { person: Person; disabled: boolean }) {
  const { isAdministrator, busy, change } = useRole(person);
  return (
    <IconButton
      label={words.people.roleOf(person.name)}
      role="switch"
      aria-checked={isAdministrator}
      className={names("crown", isAdministrator && "crown--on")}
      disabled={disabled || busy}
      onClick={() => change(!isAdministrator)}
    >
      <Crown aria-hidden="true" />
    </IconButton>
  );
}
