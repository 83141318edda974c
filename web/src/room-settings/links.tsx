import { useQuery } from "@tanstack/react-query";
import { Ellipsis, Plus } from "lucide-react";
import { Link } from "react-router";
import { accountQuery } from "../account/queries";
import type { Room } from "../api/types";
import { meQuery } from "../session/queries";
import { strings } from "../strings";
import { canCreateRooms, settingsPath } from "./permissions";

/** Below the rooms in the sidebar. Hidden from users who may not create rooms. */
export function NewRoomLink() {
  const { data: me } = useQuery(meQuery);
  const { data: account } = useQuery(accountQuery);
  if (!me || !account || !canCreateRooms(me, account)) return null;
  return (
    <Link
      className="icon-button icon-button--plain new-room-link"
      to="/rooms/opens/new"
      title={strings.roomForms.newRoom}
      aria-label={strings.roomForms.newRoom}
    >
      <Plus aria-hidden="true" />
    </Link>
  );
}

/** In the header of a room. */
export function RoomSettingsLink({ room }: { room: Room }) {
  const label =
    room.type === "direct" ? strings.roomForms.settingsOfPing : strings.roomForms.settingsOf;
  return (
    <Link
      className="icon-button icon-button--plain"
      to={settingsPath(room)}
      title={label}
      aria-label={label}
    >
      <Ellipsis aria-hidden="true" />
    </Link>
  );
}
