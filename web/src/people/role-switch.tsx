import type { Person } from "../api/types";
import { strings } from "../strings";
import { Switch } from "../ui/switch";
import { useRole } from "./use-role";

/** A switch for the administrator role. */
export function RoleSwitch({ person }: { person: Person }) {
  const { isAdministrator, busy, change } = useRole(person);
  return (
    <Switch
      checked={isAdministrator}
      disabled={busy}
      label={strings.people.roleOf(person.name)}
      hint={strings.people.makeAdministratorHint}
      onChange={(event) => change(event.target.checked)}
    >
      {strings.people.makeAdministrator}
    </Switch>
  );
}
