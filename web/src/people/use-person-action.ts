import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Person } from "../api/types";
import { useToast } from "../ui/toasts";
import { invalidatePeople, updateCachedPerson } from "./queries";

/** What the questions before acting on somebody have in common. */
export function usePersonAction(person: Person) {
  const cache = useQueryClient();
  const toast = useToast();
  const [asks, setAsks] = useState(false);
  return {
    asks,
    ask: () => setAsks(true),
    cancel: () => setAsks(false),
    at: { params: { path: { user_id: person.id } } },
    /** It is done: shows the change everywhere, and says so. */
    done: (change: Partial<Person>, text: string) => {
      setAsks(false);
      updateCachedPerson(cache, { ...person, ...change });
      invalidatePeople(cache);
      toast({ text });
    },
  };
}
