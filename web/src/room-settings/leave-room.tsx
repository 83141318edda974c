import { useQueryClient } from "@tanstack/react-query";
import { LogOut } from "lucide-react";
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

/** Leaves a room. Open rooms cannot be left, only hidden. */
export function LeaveRoom({ room }: { room: Room }) {
  const cache = useQueryClient();
  const navigate = useNavigate();
  const toast = useToast();
  const [isConfirming, setIsConfirming] = useState(false);

  const leave = async () => {
    const params = { path: { room_id: room.id } };
    await unwrap(api.DELETE("/api/v1/rooms/{room_id}/membership", { params }));
    patchRooms(cache, (rooms) => withoutRoom(rooms, room.id));
    toast({ text: strings.roomForms.left(room.name) });
    navigate("/", { replace: true });
  };

  if (room.type === "open") return <p className="panel__note">{strings.roomForms.leaveOpen}</p>;
  return (
    <div className="panel__buttons">
      <Button onClick={() => setIsConfirming(true)}>
        <LogOut className="flips" aria-hidden="true" />
        {room.type === "direct" ? strings.roomForms.leavePing : strings.roomForms.leave}
      </Button>
      {isConfirming && (
        <Confirm
          title={strings.roomForms.leaveTitle(room.name)}
          text={strings.roomForms.leaveText}
          action={strings.roomForms.leave}
          onConfirm={leave}
          onCancel={() => setIsConfirming(false)}
        />
      )}
    </div>
  );
}
