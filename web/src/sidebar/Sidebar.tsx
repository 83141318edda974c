// The way around: pings, rooms, oneself.
import { useQueryClient } from '@tanstack/react-query';
import { LogOut, Menu, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { NavLink, useLocation, useNavigate } from 'react-router';
import { api, ask, type Room } from '../api/client';
import { cable } from '../cable/cable';
import { useMe } from '../session/queries';
import { Avatar, IconButton } from '../ui/parts';
import { words } from '../words';
import { useRooms } from './queries';

function Direct({ room }: { room: Room }) {
  const first = room.members?.[0];
  return (
    <NavLink className={`direct ${room.unread ? 'direct--unread' : ''}`} to={`/rooms/${room.id}`}>
      <Avatar initials={first?.initials ?? '·'} color={first?.color ?? '#67695E'} />
      <span className="direct__name">{room.name.split(' ')[0]}</span>
      {room.unread && <span className="visually-hidden">{words.sidebar.unread}</span>}
    </NavLink>
  );
}

function RoomLink({ room }: { room: Room }) {
  return (
    <li>
      <NavLink className={`room-link ${room.unread ? 'room-link--unread' : ''}`} to={`/rooms/${room.id}`}>
        <span className="room-link__name">{room.name}</span>
        {room.unread && <span className="room-link__dot" aria-hidden="true" />}
        {room.unread && <span className="visually-hidden">, {words.sidebar.unread}</span>}
      </NavLink>
    </li>
  );
}

function Oneself() {
  const { data: me } = useMe();
  const queries = useQueryClient();
  const navigate = useNavigate();
  async function signOut() {
    await ask(api.DELETE('/api/v1/session', { body: {} })).catch(() => undefined);
    cable.disconnect();
    queries.clear();
    await navigate('/session/new');
  }
  if (!me) return null;
  return (
    <footer className="sidebar__foot">
      <Avatar initials={me.initials} color={me.color} small />
      <span className="sidebar__me">{me.name}</span>
      <IconButton icon={LogOut} label={words.signOut} onClick={signOut} />
    </footer>
  );
}

export function Sidebar() {
  const { data: rooms = [] } = useRooms();
  const [open, setOpen] = useState(false);
  const { pathname } = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new address closes the menu on a phone
  useEffect(() => setOpen(false), [pathname]);
  useEffect(() => {
    const close = (event: KeyboardEvent) => event.key === 'Escape' && setOpen(false);
    window.addEventListener('keydown', close);
    return () => window.removeEventListener('keydown', close);
  }, []);
  const directs = rooms.filter((room) => room.type === 'direct');
  const others = rooms.filter((room) => room.type !== 'direct');
  const anyUnread = rooms.some((room) => room.unread);
  return (
    <>
      <IconButton
        className={`menu-button ${anyUnread ? 'menu-button--unread' : ''}`}
        icon={open ? X : Menu}
        label={open ? words.sidebar.close : words.sidebar.open}
        aria-expanded={open}
        aria-controls="sidebar"
        onClick={() => setOpen(!open)}
      />
      <aside id="sidebar" className={`sidebar ${open ? 'sidebar--open' : ''}`} aria-label={words.sidebar.label}>
        {directs.length > 0 && (
          <nav className="sidebar__directs" aria-label={words.sidebar.directs}>
            {directs.map((room) => (
              <Direct key={room.id} room={room} />
            ))}
          </nav>
        )}
        <nav className="sidebar__rooms" aria-label={words.sidebar.rooms}>
          <ul>
            {others.map((room) => (
              <RoomLink key={room.id} room={room} />
            ))}
          </ul>
        </nav>
        <Oneself />
      </aside>
    </>
  );
}
