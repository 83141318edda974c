import { useQueryClient } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import { useNavigate } from "react-router";
import { api, unwrap } from "../api/client";
import type { Room } from "../api/types";
import { patchRooms } from "../rooms/cache";
import { withoutRoom } from "../rooms/room-list";
import { strings } from "../strings";
import { Button } from "../ui/button";
import { Confirm } from "../ui/confirm";
import { useToast } from "../ui/toasts";

/** Deletes a room and its messages, after asking for confirmation. */
export function RemoveRoom({ room }: { room: Room }) {
  const cache = useQueryClient();
  const navigate = useNavigate();
  const toast = useToast();
  const [isConfirming, setIsConfirming] = useState(false);
  const isPing = room.type === "direct";
  const warning = isPing ? strings.roomForms.removePingText : strings.roomForms.removeText;

  const remove = async () => {
    await unwrap(api.DELETE("/api/v1/rooms/{room_id}", { params: { path: { room_id: room.id } } }));
    patchRooms(cache, (rooms) => withoutRoom(rooms, room.id));
    toast({ text: strings.roomForms.removed(room.name) });
    navigate("/", { replace: true });
  };

  return (
    <div className="panel__buttons">
      <Button look="negative" onClick={() => setIsConfirming(true)}>
        <Trash2 aria-hidden="true" />
        {isPing ? strings.roomForms.removePing : strings.roomForms.remove(room.name)}
      </Button>
      {isConfirming && (
        <Confirm
          title={strings.roomForms.removeTitle(room.name)}
          text={`${warning} ${strings.roomForms.removeFor(room.members_count)}`}
          action={strings.roomForms.removeAction}
          onConfirm={remove}
          onCancel={() => setIsConfirming(false)}
        />
      )}
    </div>
  );
}
