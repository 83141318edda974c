import { useQueryClient } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import { useNavigate } from "react-router";
import { answer, api } from "../api/client";
import type { Room } from "../api/types";
import { patchRooms } from "../rooms/cache";
import { withoutRoom } from "../rooms/room-list";
import { words } from "../strings";
import { Button } from "../ui/button";
import { Confirm } from "../ui/confirm";
import { useToast } from "../ui/toasts";

/** Deletes a room with all that was said in it, after naming what is lost. */
export function RemoveRoom({ room }: { room: Room }) {
  const cache = useQueryClient();
  const navigate = useNavigate();
  const toast = useToast();
  const [asks, setAsks] = useState(false);
  const isPing = room.type === "direct";
  const warning = isPing ? words.roomForms.removePingText : words.roomForms.removeText;

  const remove = async () => {
    await answer(api.DELETE("/api/v1/rooms/{room_id}", { params: { path: { room_id: room.id } } }));
    patchRooms(cache, (rooms) => withoutRoom(rooms, room.id));
    toast({ text: words.roomForms.removed(room.name) });
    navigate("/", { replace: true });
  };

  return (
    <div className="panel__buttons">
      <Button look="negative" onClick={() => setAsks(true)}>
        <Trash2 aria-hidden="true" />
        {isPing ? words.roomForms.removePing : words.roomForms.remove(room.name)}
      </Button>
      {asks && (
        <Confirm
          title={words.roomForms.removeTitle(room.name)}
          text={`${warning} ${words.roomForms.removeFor(room.members_count)}`}
          action={words.roomForms.removeAction}
          onConfirm={remove}
          onCancel={() => setAsks(false)}
        />
      )}
    </div>
  );
}
