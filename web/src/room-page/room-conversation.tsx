import { useQuery } from "@tanstack/react-query";
import { CloudOff, DoorClosed, Lock, ServerCrash } from "lucide-react";
import { Link } from "react-router";
import { errorMessage, statusOf } from "../api/problem";
import type { Message, Room, User } from "../api/types";
import { Composer } from "../composer/composer";
import { MessageList } from "../conversation/message-list";
import { ToolsProvider } from "../conversation/tools";
import { UnsentList } from "../conversation/unsent-list";
import { useMessageTools } from "../conversation/use-message-tools";
import type { ScrollTarget } from "../messages/feed";
import { useRoomMessages } from "../messages/use-room-messages";
import { useIsOffline } from "../offline/use-is-offline";
import { roomsQuery } from "../rooms/queries";
import { firstOpenRoom } from "../rooms/room-list";
import { SearchLink } from "../search/search-link";
import { strings } from "../strings";
import { Button, LoadingDots } from "../ui/button";
import { Confirm } from "../ui/confirm";
import { Notice } from "../ui/notice";
import { Welcome } from "./welcome";

/** In the oldest open room, an invitation link is shown up to this many messages. */
const maxMessagesForWelcome = 40;

interface Props {
  roomId: number;
  /** Undefined while loading, or if it is not in the user's list. */
  room: Room | undefined;
  place: ScrollTarget;
  me: User;
  /** The time since when messages were unread when the room was opened. */
  unreadSince: string | null;
}

/** The messages of a room and its composer, or an error. */
export function RoomConversation({ roomId, room, place, me, unreadSince }: Props) {
  const { feed, query } = useRoomMessages(roomId, place);
  const { tools, editing, pendingDeletion, cancelDeletion, confirmDeletion } = useMessageTools(
    feed,
    me,
  );
  const { data: rooms } = useQuery(roomsQuery);
  const status = statusOf(query.error);
  const isOffline = useIsOffline();

  if (status === 403 || status === 404) return <RoomUnavailable forbidden={status === 403} />;
  const window = query.data;
  const isOriginal = rooms !== undefined && firstOpenRoom(rooms)?.id === roomId;
  const showsWelcome =
    isOriginal && window?.atStart && window.messages.length <= maxMessagesForWelcome;
  return (
    <ToolsProvider value={tools}>
      {window ? (
        <MessageList
          key={roomId}
          feed={feed}
          window={window}
          place={place}
          roomId={roomId}
          me={me}
          roomName={room?.name ?? ""}
          unreadSince={unreadSince}
          editing={editing}
          intro={showsWelcome ? <Welcome /> : null}
        />
      ) : (
        <UnsentList roomId={roomId} me={me}>
          {query.isError ? (
            <Notice
              icon={isOffline ? <CloudOff /> : <ServerCrash />}
              title={isOffline ? strings.app.notHereTitle : strings.rooms.failedTitle}
              action={
                <Button onClick={() => query.refetch()} busy={query.isFetching}>
                  {strings.retry}
                </Button>
              }
              alert
            >
              {isOffline ? strings.app.notHere : errorMessage(query.error)}
            </Notice>
          ) : (
            <div className="room__waiting" role="status">
              <span className="visually-hidden">{strings.loading}</span>
              <LoadingDots />
            </div>
          )}
        </UnsentList>
      )}
      <footer className="room__footer">
        {window && query.isError && !isOffline && (
          <p className="room__stale" role="alert">
            {strings.messages.outOfDate}
            <Button onClick={() => query.refetch()} busy={query.isFetching}>
              {strings.retry}
            </Button>
          </p>
        )}
        <Composer
          roomId={roomId}
          start={<SearchLink />}
          onSend={() => feed.jumpToNewest()}
          onEditLast={() => {
            const last = window?.atEnd ? lastMessageBy(window.messages, me.id) : undefined;
            if (last) tools.edit(last);
          }}
        />
      </footer>
      {pendingDeletion && (
        <Confirm
          title={strings.actions.removeTitle}
          text={strings.actions.removeText}
          action={strings.actions.remove}
          onConfirm={confirmDeletion}
          onCancel={cancelDeletion}
        />
      )}
    </ToolsProvider>
  );
}

/** The last message by this user. */
function lastMessageBy(messages: readonly Message[], userId: number): Message | undefined {
  return messages.findLast(({ creator, kind }) => creator.id === userId && kind !== "attachment");
}

function RoomUnavailable({ forbidden }: { forbidden: boolean }) {
  return (
    <Notice
      icon={forbidden ? <Lock /> : <DoorClosed />}
      title={forbidden ? strings.rooms.forbiddenTitle : strings.rooms.goneTitle}
      action={
        <Link className="button button--plain" to="/">
          {strings.goHome}
        </Link>
      }
      alert
    >
      {forbidden ? strings.rooms.forbidden : strings.rooms.gone}
    </Notice>
  );
}
