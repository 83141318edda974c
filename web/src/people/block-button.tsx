import { useQuery, useQueryClient } from "@tanstack/react-query";
import { CircleSlash } from "lucide-react";
import { useState } from "react";
import { api, unwrap } from "../api/client";
import { errorMessage } from "../api/problem";
import type { User } from "../api/types";
import { strings } from "../strings";
import { Button } from "../ui/button";
import { Confirm } from "../ui/confirm";
import { useToast } from "../ui/toasts";
import { useTask } from "../ui/use-task";
import { blocksQuery } from "./queries";

const url = "/api/v1/users/{user_id}/block";

/** Blocks a user from pinging the current user, or unblocks them. */
export function BlockButton({ person }: { person: User }) {
  const cache = useQueryClient();
  const toast = useToast();
  const { data: blocks } = useQuery(blocksQuery);
  const [isConfirming, setIsConfirming] = useState(false);
  const params = { path: { user_id: person.id } };

  const block = async () => {
    await unwrap(api.PUT(url, { params }));
    cache.setQueryData(blocksQuery.queryKey, (people) => people && [...people, person]);
    setIsConfirming(false);
    const undo = { label: strings.actions.undo, run: () => unblock.run() };
    toast({ text: strings.people.blocked(person.name), action: undo });
  };
  const unblock = useTask(async () => {
    try {
      await unwrap(api.DELETE(url, { params }));
    } catch (error) {
      toast({ text: errorMessage(error), tone: "problem" });
      return;
    }
    cache.setQueryData(blocksQuery.queryKey, (people) =>
      people?.filter(({ id }) => id !== person.id),
    );
    toast({ text: strings.people.unblocked(person.name) });
  });

  // The button is optional, so nothing is shown while loading or after an error.
  if (!blocks) return null;
  if (blocks.some(({ id }) => id === person.id)) {
    return (
      <Button onClick={() => unblock.run()} busy={unblock.busy}>
        {strings.people.unblock(person.name)}
      </Button>
    );
  }
  return (
    <>
      <Button onClick={() => setIsConfirming(true)}>
        <CircleSlash aria-hidden="true" />
        {strings.people.block(person.name)}
      </Button>
      {isConfirming && (
        <Confirm
          title={strings.people.block(person.name)}
          text={strings.people.blockText}
          action={strings.people.blockAction}
          onConfirm={block}
          onCancel={() => setIsConfirming(false)}
        />
      )}
    </>
  );
}
