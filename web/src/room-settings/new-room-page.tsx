import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Lock } from "lucide-react";
import { useNavigate } from "react-router";
import { accountQuery } from "../account/queries";
import { api, unwrap } from "../api/client";
import { patchRooms } from "../rooms/cache";
import { withRoom } from "../rooms/room-list";
import { meQuery } from "../session/queries";
import { strings } from "../strings";
import { Notice } from "../ui/notice";
import { PanelPage } from "../ui/panel-page";
import { QueryBoundary } from "../ui/query-boundary";
import { canCreateRooms } from "./permissions";
import { type RoomDraft, RoomForm } from "./room-form";

/** `/rooms/opens/new` and `/rooms/closeds/new`. */
export default function NewRoomPage({ type }: { type: "open" | "closed" }) {
  const { data: me } = useQuery(meQuery);
  const account = useQuery(accountQuery);
  const cache = useQueryClient();
  const navigate = useNavigate();

  const create = async (body: RoomDraft) => {
    const room = await unwrap(api.POST("/api/v1/rooms", { body }));
    patchRooms(cache, (rooms) => withRoom(rooms, room));
    navigate(`/rooms/${room.id}`, { replace: true });
  };

  return (
    <PanelPage title={strings.roomForms.newTitle} fieldFirst>
      <QueryBoundary query={account} failedTitle={strings.account.failedTitle}>
        {(known) =>
          me && canCreateRooms(me, known) ? (
            <RoomForm
              me={me}
              room={null}
              members={[]}
              type={type}
              submit={strings.roomForms.create}
              onSubmit={create}
            />
          ) : (
            <Notice icon={<Lock />} title={strings.roomForms.restrictedTitle}>
              {strings.roomForms.restricted}
            </Notice>
          )
        }
      </QueryBoundary>
    </PanelPage>
  );
}
