import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "../api/client";
import { sentenceFor } from "../api/problem";
import type { Person } from "../api/types";
import { words } from "../strings";
import { useToast } from "../ui/toasts";
import { learnPerson } from "./queries";

/** Whether somebody is an administrator, as it is or will be in a moment, and how to change that. */
export function useRole(person: Person) {
  const cache = useQueryClient();
  const toast = useToast();
  const [wanted, setWanted] = useState<boolean | null>(null);

  const change = async (isAdministrator: boolean) => {
    const role = isAdministrator ? "administrator" : "member";
    setWanted(isAdministrator);
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

  return {
    isAdministrator: wanted ?? person.role === "administrator",
    busy: wanted !== null,
    change,
  };
}
