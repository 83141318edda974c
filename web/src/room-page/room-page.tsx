import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useParams } from "react-router";
import { accountQuery } from "../account/queries";
import type { Room } from "../api/types";
import { ComposerProvider } from "../composer/context";
import { closeNotifications } from "../device/service-worker";
import type { ScrollTarget } from "../messages/feed";
import { useCachedAt } from "../offline/read-fallback";
import { usePresence } from "../rooms/presence";
import { roomQuery, roomsQuery } from "../rooms/queries";
import { addRecentRoom } from "../rooms/recent-rooms";
import { meQuery } from "../session/queries";
import { strings } from "../strings";
import { Logo } from "../ui/logo";
import { NotFound } from "../ui/not-found";
import { usePageTitle } from "../ui/page-title";
import { RoomConversation } from "./room-conversation";
import { RoomTools } from "./room-tools";
import { useUnreadSince } from "./use-unread-since";

/** `/rooms/1` and `/rooms/1/@42`. */
export function RoomPage() {
  const { roomId = "", at } = useParams();
  const id = parseId(roomId);
  const place = at === undefined ? "newest" : at.startsWith("@") ? parseId(at.slice(1)) : null;
  if (!id || !place) return <NotFound />;
  return <RoomView key={id} roomId={id} place={place} />;
}

function RoomView({ roomId, place }: { roomId: number; place: ScrollTarget }) {
  const { data: me } = useQuery(meQuery);
  const { data: account } = useQuery(accountQuery);
  const rooms = useQuery(roomsQuery);
  const listed = rooms.data?.find(({ id }) => id === roomId);
  const hidden = useQuery({ ...roomQuery(roomId), enabled: Boolean(rooms.data) && !listed });
  const room = listed ?? hidden.data;
  const unreadSince = useUnreadSince(room);

  usePageTitle(room?.name ?? strings.product);
  // A cached list of rooms does not have the current unread state.
  const isFresh = useCachedAt(roomsQuery.queryKey) === null;
  usePresence(roomId, Boolean(room) && isFresh);
  useEffect(() => {
    if (room?.unread === false) closeNotifications(`/rooms/${roomId}`);
  }, [room?.unread, roomId]);
  useEffect(() => {
    if (me && room) addRecentRoom(me.id, room.id);
  }, [me, room]);

  return (
    <main className="room" id="main-content" tabIndex={-1}>
      <header className="room__bar">
        {account?.logo_url && <Logo src={account.logo_url} />}
        {room && <RoomName room={room} />}
        {room && <RoomTools room={room} />}
      </header>
      <ComposerProvider>
        {me && (
          <RoomConversation
            roomId={roomId}
            room={room}
            place={place}
            me={me}
            unreadSince={unreadSince}
          />
        )}
      </ComposerProvider>
    </main>
  );
}

function RoomName({ room }: { room: Room }) {
  if (room.type !== "direct") return <h1 className="room__name">{room.name}</h1>;
  return (
    <h1 className="room__name">
      <span className="visually-hidden">{strings.rooms.pingWith} </span>
      {room.name}
    </h1>
  );
}

function parseId(text: string): number | null {
  return /^[1-9]\d{0,15}$/.test(text) ? Number(text) : null;
}
