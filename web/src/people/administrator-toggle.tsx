import { Crown } from "lucide-react";
import type { Person } from "../api/types";
import { strings } from "../strings";
import { classNames, IconButton } from "../ui/button";
import { useRole } from "./use-role";

/** A switch for the administrator role, with a crown icon. */
export function AdministratorToggle({ person, disabled }: { person: Person; disabled: boolean }) {
  const { isAdministrator, busy, change } = useRole(person);
  return (
    <IconButton
      label={strings.people.roleOf(person.name)}
      role="switch"
      aria-checked={isAdministrator}
      className={classNames("crown", isAdministrator && "crown--on")}
      disabled={disabled || busy}
      onClick={() => change(!isAdministrator)}
    >
      <Crown aria-hidden="true" />
    </IconButton>
  );
}
