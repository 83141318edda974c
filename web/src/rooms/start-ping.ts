import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { useNavigate } from "react-router";
import { api, unwrap } from "../api/client";
import { patchRooms } from "./cache";
import { withRoom } from "./room-list";

/** Finds or creates the ping with these users and opens it. */
export function useStartPing(): (userIds: number[]) => Promise<void> {
  const cache = useQueryClient();
  const navigate = useNavigate();
  return useCallback(
    async (userIds) => {
      const body = { type: "direct" as const, user_ids: userIds };
      const room = await unwrap(api.POST("/api/v1/rooms", { body }));
      patchRooms(cache, (rooms) => withRoom(rooms, room));
      navigate(`/rooms/${room.id}`);
    },
    [cache, navigate],
  );
}
