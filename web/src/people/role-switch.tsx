import type { Person } from "../api/types";
import { words } from "../strings";
import { Switch } from "../ui/switch";
import { useRole } from "./use-role";

/** Makes somebody an administrator, or a member again. */
export function RoleSwitch({ person }: { person: Person }) {
  const { isAdministrator, busy, change } = useRole(person);
  return (
    <Switch
      checked={isAdministrator}
      disabled={busy}
      label={words.people.roleOf(person.name)}
      hint={words.people.makeAdministratorHint}
      onChange={(event) => change(event.target.checked)}
    >
      {words.people.makeAdministrator}
    </Switch>
  );
}
