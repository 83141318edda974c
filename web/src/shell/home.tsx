import { useQuery } from "@tanstack/react-query";
import { MessagesSquare, ServerCrash } from "lucide-react";
import { Navigate } from "react-router";
import { sentenceFor } from "../api/problem";
import { roomsQuery } from "../rooms/queries";
import { lastRoom } from "../rooms/recent-rooms";
import { meQuery } from "../session/queries";
import { words } from "../strings";
import { Button, Dots } from "../ui/button";
import { Notice } from "../ui/notice";
import { Page } from "../ui/page";
import { usePageTitle } from "./unread-indicators";

/** Leads to the last room, else to the oldest; says so if there is none. */
export function Home() {
  const { data: me } = useQuery(meQuery);
  const rooms = useQuery(roomsQuery);
  usePageTitle(rooms.data?.length === 0 ? words.rooms.noneTitle : words.product);

  const last = me && lastRoom(me.id);
  const room =
    rooms.data?.find(({ id }) => id === last) ?? rooms.data?.toSorted((a, b) => a.id - b.id)[0];
  if (room) return <Navigate to={`/rooms/${room.id}`} replace />;
  return (
    <Page>
      {rooms.isError && (
        <Notice
          icon={<ServerCrash />}
          title={words.sidebar.failed}
          action={<Button onClick={() => rooms.refetch()}>{words.retry}</Button>}
          alert
        >
          {sentenceFor(rooms.error)}
        </Notice>
      )}
      {rooms.isPending && <Dots />}
      {rooms.data && (
        <Notice icon={<MessagesSquare />} title={words.rooms.noneTitle}>
          {words.rooms.none}
        </Notice>
      )}
    </Page>
  );
}
