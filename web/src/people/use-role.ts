import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, unwrap } from "../api/client";
import { errorMessage } from "../api/problem";
import type { Person } from "../api/types";
import { strings } from "../strings";
import { useToast } from "../ui/toasts";
import { updateCachedPerson } from "./queries";

/** A user's role, with optimistic updates. */
export function useRole(person: Person) {
  const cache = useQueryClient();
  const toast = useToast();
  const [pending, setPending] = useState<boolean | null>(null);

  const change = async (isAdministrator: boolean) => {
    const role = isAdministrator ? "administrator" : "member";
    setPending(isAdministrator);
    try {
      const params = { path: { user_id: person.id } };
      await unwrap(api.PATCH("/api/v1/users/{user_id}", { params, body: { role } }));
      updateCachedPerson(cache, { ...person, role });
    } catch (error) {
      toast({ text: strings.people.roleFailed(errorMessage(error)), tone: "problem" });
    } finally {
      setPending(null);
    }
  };

  return {
    isAdministrator: pending ?? person.role === "administrator",
    busy: pending !== null,
    change,
  };
}
