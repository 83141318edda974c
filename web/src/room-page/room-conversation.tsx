import { useQuery } from "@tanstack/react-query";
import { CloudOff, DoorClosed, Lock, ServerCrash } from "lucide-react";
import { Link } from "react-router";
import { sentenceFor, statusOf } from "../api/problem";
import type { Message, Room, User } from "../api/types";
import { Composer } from "../composer/composer";
import { MessageList } from "../conversation/message-list";
import { ToolsProvider } from "../conversation/tools";
import { UnsentList } from "../conversation/unsent-list";
import { useMessageTools } from "../conversation/use-message-tools";
import type { Place } from "../messages/feed";
import { useWindow } from "../messages/use-room-messages";
import { useIsOffline } from "../offline/use-is-offline";
import { roomsQuery } from "../rooms/queries";
import { originalRoom } from "../rooms/room-list";
import { words } from "../strings";
import { Button, Dots } from "../ui/button";
import { Confirm } from "../ui/confirm";
import { Notice } from "../ui/notice";
import { Welcome } from "./welcome";

/** In the room where everything began, newcomers are told how to invite others until it has filled up. */
const welcomeUpTo = 40;

interface Props {
  roomId: number;
  /** Not known yet, or not among this person's rooms. */
  room: Room | undefined;
  place: Place;
  me: User;
  /** From when on messages were unread when the room was opened. */
  unreadSince: string | null;
}

/** A room's messages and the place to write, or what stands in their way. */
export function RoomConversation({ roomId, room, place, me, unreadSince }: Props) {
  const { feed, query } = useWindow(roomId, place);
  const { tools, editing, doomed, keep, destroy } = useMessageTools(feed, me);
  const { data: rooms } = useQuery(roomsQuery);
  const status = statusOf(query.error);
  const isOffline = useIsOffline();

  if (status === 403 || status === 404) return <Refused forbidden={status === 403} />;
  const window = query.data;
  const isOriginal = rooms !== undefined && originalRoom(rooms)?.id === roomId;
  const welcomes = isOriginal && window?.atStart && window.messages.length <= welcomeUpTo;
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
          intro={welcomes ? <Welcome /> : null}
        />
      ) : (
        <UnsentList roomId={roomId} me={me}>
          {query.isError ? (
            <Notice
              icon={isOffline ? <CloudOff /> : <ServerCrash />}
              title={isOffline ? words.app.notHereTitle : words.rooms.failedTitle}
              action={
                <Button onClick={() => query.refetch()} busy={query.isFetching}>
                  {words.retry}
                </Button>
              }
              alert
            >
              {isOffline ? words.app.notHere : sentenceFor(query.error)}
            </Notice>
          ) : (
            <div className="room__waiting" role="status">
              <span className="visually-hidden">{words.loading}</span>
              <Dots />
            </div>
          )}
        </UnsentList>
      )}
      <footer className="room__footer">
        {window && query.isError && !isOffline && (
          <p className="room__stale" role="alert">
            {words.messages.outOfDate}
            <Button onClick={() => query.refetch()} busy={query.isFetching}>
              {words.retry}
            </Button>
          </p>
        )}
        <Composer
          roomId={roomId}
          onSend={() => feed.jumpToNewest()}
          onEditLast={() => {
            const last = window?.atEnd ? lastOf(window.messages, me.id) : undefined;
            if (last) tools.edit(last);
          }}
        />
      </footer>
      {doomed && (
        <Confirm
          title={words.actions.removeTitle}
          text={words.actions.removeText}
          action={words.actions.remove}
          onConfirm={destroy}
          onCancel={keep}
        />
      )}
    </ToolsProvider>
  );
}

/** What somebody wrote last. */
function lastOf(messages: readonly Message[], userId: number): Message | undefined {
  return messages.findLast(({ creator, kind }) => creator.id === userId && kind !== "attachment");
}

function Refused({ forbidden }: { forbidden: boolean }) {
  return (
    <Notice
      icon={forbidden ? <Lock /> : <DoorClosed />}
      title={forbidden ? words.rooms.forbiddenTitle : words.rooms.goneTitle}
      action={
        <Link className="button button--plain" to="/">
          {words.goHome}
        </Link>
      }
      alert
    >
      {forbidden ? words.rooms.forbidden : words.rooms.gone}
    </Notice>
  );
}
