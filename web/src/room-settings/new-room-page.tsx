import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Lock } from "lucide-react";
import { useNavigate } from "react-router";
import { accountQuery } from "../account/queries";
import { answer, api } from "../api/client";
import { patchRooms } from "../rooms/cache";
import { withRoom } from "../rooms/room-list";
import { meQuery } from "../session/queries";
import { words } from "../strings";
import { Notice } from "../ui/notice";
import { PanelPage } from "../ui/panel-page";
import { Loaded } from "../ui/query-boundary";
import { mayCreate } from "./permissions";
import { type RoomDraft, RoomForm } from "./room-form";

/** `/rooms/opens/new` and `/rooms/closeds/new`. */
export default function NewRoomPage({ type }: { type: "open" | "closed" }) {
  const { data: me } = useQuery(meQuery);
  const account = useQuery(accountQuery);
  const cache = useQueryClient();
  const navigate = useNavigate();

  const create = async (body: RoomDraft) => {
    const room = await answer(api.POST("/api/v1/rooms", { body }));
    patchRooms(cache, (rooms) => withRoom(rooms, room));
    navigate(`/rooms/${room.id}`, { replace: true });
  };

  return (
    <PanelPage title={words.roomForms.newTitle} fieldFirst>
      <Loaded query={account} failedTitle={words.account.failedTitle}>
        {(known) =>
          me && mayCreate(me, known) ? (
            <RoomForm
              me={me}
              room={null}
              members={[]}
              type={type}
              submit={words.roomForms.create}
              onSubmit={create}
            />
          ) : (
            <Notice icon={<Lock />} title={words.roomForms.restrictedTitle}>
              {words.roomForms.restricted}
            </Notice>
          )
        }
      </Loaded>
    </PanelPage>
  );
}
