// A room: its name, what was said, and where to say more.
import { CloudOff, DoorClosed, MessageCircle, MessageCircleDashed } from 'lucide-react';
import { useEffect } from 'react';
import { Navigate, useParams } from 'react-router';
import { ApiError, type Room, type User } from '../api/client';
import { useConnection } from '../cable/connection';
import { Composer } from '../composer/Composer';
import { MessageList } from '../messages/MessageList';
import { useMessages } from '../messages/queries';
import { useWaiting } from '../outbox/useOutbox';
import { useRooms } from '../sidebar/queries';
import { Busy, Notice } from '../ui/parts';
import { words } from '../words';
import { usePresence } from './usePresence';
import { Welcome } from './Welcome';

const LAST_ROOM = 'campfire-last-room';
/** The first room says how to invite people until it has a life of its own. */
const WELCOME_UNTIL = 40;

/** `/`: the room one was in last, else one's oldest. */
export function Home() {
  const rooms = useRooms();
  if (rooms.isPending) return <Busy label={words.busy} />;
  const last = Number(localStorage.getItem(LAST_ROOM));
  const oldest = [...(rooms.data ?? [])].sort((a, b) => a.created_at.localeCompare(b.created_at) || a.id - b.id)[0];
  const room = rooms.data?.find((room) => room.id === last) ?? oldest;
  if (room) return <Navigate to={`/rooms/${room.id}`} replace />;
  return (
    <main id="main" className="room">
      <Notice icon={MessageCircleDashed} level={1} title={words.room.none}>
        <p>{words.room.noneHelp}</p>
      </Notice>
    </main>
  );
}

export function RoomPage({ me }: { me: User }) {
  const { id, at } = useParams();
  const rooms = useRooms();
  const room = rooms.data?.find((room) => String(room.id) === id);
  const around = at?.startsWith('@') ? Number(at.slice(1)) || undefined : undefined;
  if (rooms.isPending) return <Busy label={words.busy} />;
  if (!room) {
    return (
      <main id="main" className="room">
        <Notice icon={DoorClosed} level={1} title={words.room.missing}>
          <p>{words.room.missingHelp}</p>
        </Notice>
      </main>
    );
  }
  const oldest = rooms.data?.every((other) => other.created_at >= room.created_at) ?? false;
  return <OpenRoom key={`${room.id}-${around}`} room={room} around={around} me={me} original={oldest} />;
}

interface OpenProps {
  room: Room;
  around: number | undefined;
  me: User;
  original: boolean;
}

function OpenRoom({ room, around, me, original }: OpenProps) {
  const messages = useMessages(room.id, around);
  const waiting = useWaiting(room.id);
  const connection = useConnection();
  usePresence(room.id);
  useEffect(() => {
    document.title = room.name;
    localStorage.setItem(LAST_ROOM, String(room.id));
  }, [room]);
  const gone = messages.error instanceof ApiError && messages.error.status === 404;
  if (gone && around !== undefined) return <Navigate to={`/rooms/${room.id}`} replace />;
  const empty = messages.data?.messages.length === 0 && waiting.length === 0;
  const welcome = original && (messages.data?.messages.length ?? 0) <= WELCOME_UNTIL && <Welcome />;
  return (
    <main id="main" className="room">
      <header className="room__head">
        <h1 className="room__name">{room.name}</h1>
        <ConnectionState state={connection} />
      </header>
      {messages.isPending && <Busy label={words.room.loading} />}
      {messages.isError && (
        <Notice icon={CloudOff} title={words.room.failed}>
          <p>{messages.error.message}</p>
          <button type="button" className="button" onClick={() => void messages.refetch()}>
            {words.retry}
          </button>
        </Notice>
      )}
      {messages.data && empty && (
        <div className="messages messages--empty">
          {welcome || (
            <Notice icon={MessageCircle} title={words.room.empty}>
              <p>{words.room.emptyHelp}</p>
            </Notice>
          )}
        </div>
      )}
      {messages.data && !empty && (
        <MessageList
          window={messages.data}
          waiting={waiting}
          me={me}
          offline={connection === 'offline'}
          marked={around}
          welcome={welcome}
          older={messages.older}
          newer={messages.newer}
          latest={messages.latest}
          loading={messages.loading}
          failed={messages.failed}
        />
      )}
      <Composer room={room.id} />
    </main>
  );
}

function ConnectionState({ state }: { state: 'connecting' | 'online' | 'offline' }) {
  const text =
    state === 'offline' ? words.connection.offline : state === 'connecting' ? words.connection.connecting : '';
  return (
    <p className={`connection connection--${state}`} role="status">
      {text}
    </p>
  );
}
