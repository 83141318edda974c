import { UserMinus } from "lucide-react";
import { answer, api } from "../api/client";
import type { Person } from "../api/types";
import { words } from "../strings";
import { IconButton } from "../ui/button";
import { Confirm } from "../ui/confirm";
import { useAct } from "./use-person-action";

interface Props {
  person: Person;
  onRemoved?: () => void;
}

/** Takes somebody off the account, after asking. A round button at the end of a line. */
export function RemovePerson({ person, onRemoved }: Props) {
  const act = useAct(person);
  const remove = async () => {
    await answer(api.DELETE("/api/v1/users/{user_id}", act.at));
    act.done({ status: "deactivated" }, words.people.removed(person.name));
    onRemoved?.();
  };
  return (
    <>
      <IconButton label={words.people.remove(person.name)} look="negative" onClick={act.ask}>
        <UserMinus aria-hidden="true" />
      </IconButton>
      {act.asks && (
        <Confirm
          title={words.people.remove(person.name)}
          text={words.people.removeText}
          action={words.people.removeAction}
          onConfirm={remove}
          onCancel={act.cancel}
        />
      )}
    </>
  );
}
