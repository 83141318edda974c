import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Person } from "../api/types";
import { useToast } from "../ui/toasts";
import { invalidatePeople, updateCachedPerson } from "./queries";

/** State and helpers for actions on a user that have to be confirmed. */
export function usePersonAction(person: Person) {
  const cache = useQueryClient();
  const toast = useToast();
  const [isConfirming, setIsConfirming] = useState(false);
  return {
    isConfirming,
    ask: () => setIsConfirming(true),
    cancel: () => setIsConfirming(false),
    at: { params: { path: { user_id: person.id } } },
    /** Updates the caches and shows a toast. */
    done: (change: Partial<Person>, text: string) => {
      setIsConfirming(false);
      updateCachedPerson(cache, { ...person, ...change });
      invalidatePeople(cache);
      toast({ text });
    },
  };
}
