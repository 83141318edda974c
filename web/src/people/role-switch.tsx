import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { answer, api } from "../api/client";
import type { Person } from "../api/coming-house";
import { sentenceFor } from "../api/problem";
import { Switch } from "../ui/switch";
import { useToast } from "../ui/toasts";
import { words } from "../words";
import { learnPerson } from "./queries";

interface Props {
  person: Person;
  disabled?: boolean;
  hint?: string;
  children: ReactNode;
}

/** Makes somebody an administrator, or a member again. */
export function RoleSwitch({ person, disabled = false, hint, children }: Props) {
  const cache = useQueryClient();
  const toast = useToast();
  const [wanted, setWanted] = useState<Person["role"] | null>(null);

  const change = async (role: Person["role"]) => {
    setWanted(role);
    try {
      const params = { path: { user_id: person.id } };
      await answer(api.PATCH("/api/v1/users/{user_id}", { params, body: { role } }));
      learnPerson(cache, { ...person, role });
    } catch (error) {
      toast({ text: words.people.roleFailed(sentenceFor(error)), tone: "problem" });
    } finally {
      setWanted(null);
    }
  };

  return (
    <Switch
      checked={(wanted ?? person.role) === "administrator"}
      disabled={disabled || wanted !== null}
      label={words.people.roleOf(person.name)}
      {...(hint && { hint })}
      onChange={(event) => change(event.target.checked ? "administrator" : "member")}
    >
      {children}
    </Switch>
  );
}
