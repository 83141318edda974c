import { UserMinus } from "lucide-react";
import { api, unwrap } from "../api/client";
import type { Person } from "../api/types";
import { strings } from "../strings";
import { IconButton } from "../ui/button";
import { Confirm } from "../ui/confirm";
import { usePersonAction } from "./use-person-action";

interface Props {
  person: Person;
  onRemoved?: () => void;
}

/** Deactivates a user after confirmation. A round button at the end of a line. */
export function RemovePerson({ person, onRemoved }: Props) {
  const act = usePersonAction(person);
  const remove = async () => {
    await unwrap(api.DELETE("/api/v1/users/{user_id}", act.at));
    act.done({ status: "deactivated" }, strings.people.removed(person.name));
    onRemoved?.();
  };
  return (
    <>
      <IconButton label={strings.people.remove(person.name)} look="negative" onClick={act.ask}>
        <UserMinus aria-hidden="true" />
      </IconButton>
      {act.isConfirming && (
        <Confirm
          title={strings.people.remove(person.name)}
          text={strings.people.removeText}
          action={strings.people.removeAction}
          onConfirm={remove}
          onCancel={act.cancel}
        />
      )}
    </>
  );
}
