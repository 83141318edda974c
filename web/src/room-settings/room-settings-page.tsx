import { useQuery, useQueryClient } from "@tanstack/react-query";
import { DoorClosed } from "lucide-react";
import { useNavigate, useParams } from "react-router";
import { api, unwrap } from "../api/client";
import { statusOf } from "../api/problem";
import type { Member, Room, User } from "../api/types";
import { patchRooms } from "../rooms/cache";
import { membersQuery } from "../rooms/members";
import { roomQuery } from "../rooms/queries";
import { withoutRoom, withRoom } from "../rooms/room-list";
import { meQuery } from "../session/queries";
import { strings } from "../strings";
import { Notice } from "../ui/notice";
import { Panel } from "../ui/panel";
import { PanelPage } from "../ui/panel-page";
import { QueryBoundary } from "../ui/query-boundary";
import { useToast } from "../ui/toasts";
import { LeaveRoom } from "./leave-room";
import { MemberPicker } from "./member-picker";
import { canEditRoom } from "./permissions";
import { PingSettings } from "./ping-settings";
import { RemoveRoom } from "./remove-room";
import { type RoomDraft, RoomForm } from "./room-form";

/** `/rooms/opens/1/edit`, `/rooms/closeds/1/edit` and `/rooms/directs/1/edit`. */
export default function RoomSettingsPage({ type }: { type: Room["type"] }) {
  const { roomId = "" } = useParams();
  const id = /^[1-9]\d{0,15}$/.test(roomId) ? Number(roomId) : 0;
  return <RoomSettingsLoader key={id} id={id} type={type} />;
}

function RoomSettingsLoader({ id, type }: { id: number; type: Room["type"] }) {
  const { data: me } = useQuery(meQuery);
  const room = useQuery({ ...roomQuery(id), enabled: id > 0, refetchOnMount: "always" });
  const members = useQuery({ ...membersQuery(id), enabled: id > 0, refetchOnMount: "always" });
  const isGone = id === 0 || statusOf(room.error) === 404;
  const isPing = room.data ? room.data.type === "direct" : type === "direct";
  const title = isPing
    ? strings.roomForms.pingTitle
    : room.data
      ? strings.roomForms.editTitle(room.data.name)
      : strings.roomForms.settingsOf;

  if (isGone) {
    return (
      <PanelPage title={strings.roomForms.goneTitle}>
        <Notice icon={<DoorClosed />} title={strings.roomForms.goneTitle}>
          {strings.roomForms.gone}
        </Notice>
      </PanelPage>
    );
  }
  return (
    <PanelPage title={title}>
      <QueryBoundary query={room} failedTitle={strings.roomForms.failedTitle}>
        {(known) => (
          <QueryBoundary query={members} failedTitle={strings.people.failedTitle}>
            {(people) => me && <RoomSettings me={me} room={known} members={people} type={type} />}
          </QueryBoundary>
        )}
      </QueryBoundary>
    </PanelPage>
  );
}

interface RoomSettingsProps {
  me: User;
  room: Room;
  members: readonly Member[];
  type: Room["type"];
}

function RoomSettings({ me, room, members, type }: RoomSettingsProps) {
  if (room.type === "direct") return <PingSettings me={me} room={room} />;
  // The URL has the type of the form; the one for pings is ignored for other rooms.
  const form = type === "direct" ? room.type : type;
  return (
    <>
      {canEditRoom(me, room) ? (
        <EditRoom me={me} room={room} members={members} type={form} />
      ) : (
        <Panel title={room.name} intro={strings.roomForms.readOnly}>
          <MemberPicker
            me={me}
            members={room.type === "open" ? [] : members}
            chosen={room.type === "open" ? null : new Set(members.map(({ id }) => id))}
            readOnly
          />
        </Panel>
      )}
      <Panel>
        <LeaveRoom room={room} />
        {canEditRoom(me, room) && <RemoveRoom room={room} />}
      </Panel>
    </>
  );
}

interface EditRoomProps extends RoomSettingsProps {
  type: "open" | "closed";
}

function EditRoom({ me, room, members, type }: EditRoomProps) {
  const cache = useQueryClient();
  const navigate = useNavigate();
  const toast = useToast();

  const save = async (body: RoomDraft) => {
    const params = { path: { room_id: room.id } };
    const changed = await unwrap(api.PATCH("/api/v1/rooms/{room_id}", { params, body }));
    cache.invalidateQueries({ queryKey: membersQuery(room.id).queryKey });
    toast({ text: strings.roomForms.saved(body.name) });
    // Without a room in the response, the user has removed themselves.
    if (!changed) {
      patchRooms(cache, (rooms) => withoutRoom(rooms, room.id));
      return navigate("/", { replace: true });
    }
    cache.setQueryData(roomQuery(room.id).queryKey, changed);
    patchRooms(cache, (rooms) => withRoom(rooms, changed));
    navigate(`/rooms/${room.id}`, { replace: true });
  };

  return (
    <RoomForm
      me={me}
      room={room}
      members={members}
      type={type}
      submit={strings.roomForms.save}
      onSubmit={save}
    />
  );
}
