import { useQuery } from "@tanstack/react-query";
import { MessagesSquare, ServerCrash } from "lucide-react";
import { Navigate } from "react-router";
import { errorMessage } from "../api/problem";
import { roomsQuery } from "../rooms/queries";
import { lastRoom } from "../rooms/recent-rooms";
import { meQuery } from "../session/queries";
import { strings } from "../strings";
import { Button, LoadingDots } from "../ui/button";
import { Notice } from "../ui/notice";
import { Page } from "../ui/page";
import { usePageTitle } from "../ui/page-title";

/**
 * Redirects to the room that was opened last, or the oldest one. Shows a notice if there is none.
 */
export function Home() {
  const { data: me } = useQuery(meQuery);
  const rooms = useQuery(roomsQuery);
  usePageTitle(rooms.data?.length === 0 ? strings.rooms.noneTitle : strings.product);

  const last = me && lastRoom(me.id);
  const room =
    rooms.data?.find(({ id }) => id === last) ?? rooms.data?.toSorted((a, b) => a.id - b.id)[0];
  if (room) return <Navigate to={`/rooms/${room.id}`} replace />;
  return (
    <Page>
      {rooms.isError && (
        <Notice
          icon={<ServerCrash />}
          title={strings.sidebar.failed}
          action={<Button onClick={() => rooms.refetch()}>{strings.retry}</Button>}
          alert
        >
          {errorMessage(rooms.error)}
        </Notice>
      )}
      {rooms.isPending && <LoadingDots />}
      {rooms.data && (
        <Notice icon={<MessagesSquare />} title={strings.rooms.noneTitle}>
          {strings.rooms.none}
        </Notice>
      )}
    </Page>
  );
}
