import { useQuery } from "@tanstack/react-query";
import { useMemo, useSyncExternalStore } from "react";
import { meQuery } from "../session/queries";
import { messageDrafts } from "./draft-store";

/** The ids of the rooms in which the user has an unsent draft. */
export function useRoomsWithDrafts(): ReadonlySet<number> {
  const { data: me } = useQuery(meQuery);
  const rooms = useSyncExternalStore(messageDrafts.onChange, () =>
    me ? messageDrafts.ids(me.id).join() : "",
  );
  return useMemo(() => new Set(rooms === "" ? [] : rooms.split(",").map(Number)), [rooms]);
}
