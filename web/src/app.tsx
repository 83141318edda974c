// Which screen stands at which address, and who may see it.
import { Compass } from 'lucide-react';
import type { ReactNode } from 'react';
import { createBrowserRouter, Link, Navigate, Outlet, useLocation, useMatch } from 'react-router';
import { ApiError, type User } from './api/client';
import { useOutbox } from './outbox/useOutbox';
import { Home, RoomPage } from './rooms/RoomPage';
import { FirstRun, Join, SignIn } from './session/forms';
import { useMe, useStatus } from './session/queries';
import { useUnreadMarks } from './sidebar/queries';
import { Sidebar } from './sidebar/Sidebar';
import { Busy, Notice } from './ui/parts';
import { words } from './words';

/** Everything behind the sign-in. */
function Inside() {
  const me = useMe();
  const status = useStatus();
  const location = useLocation();
  if (me.isPending || status.isPending) return <Busy label={words.busy} />;
  if (me.error instanceof ApiError && me.error.status === 401) {
    const to = status.data?.first_run ? '/first_run' : '/session/new';
    return <Navigate to={to} replace state={{ from: location.pathname }} />;
  }
  if (!me.data) {
    return (
      <Whole icon={Compass} title={me.error?.message ?? words.network}>
        <button type="button" className="button" onClick={() => void me.refetch()}>
          {words.retry}
        </button>
      </Whole>
    );
  }
  return <Layout me={me.data} />;
}

function Layout({ me }: { me: User }) {
  const id = useMatch('/rooms/:id/*')?.params.id;
  useOutbox(me.id);
  useUnreadMarks(id === undefined ? undefined : Number(id));
  return (
    <div className="layout">
      <a className="skip" href="#main">
        {words.skip}
      </a>
      <Outlet context={me} />
      <Sidebar />
    </div>
  );
}

function Room() {
  const me = useMe();
  return me.data ? <RoomPage me={me.data} /> : null;
}

function Whole({ icon, title, children }: { icon: typeof Compass; title: string; children: ReactNode }) {
  return (
    <main className="entrance">
      <Notice icon={icon} level={1} title={title}>
        {children}
      </Notice>
    </main>
  );
}

function Missing() {
  return (
    <Whole icon={Compass} title={words.missing.title}>
      <p>{words.missing.text}</p>
      <Link className="button" to="/">
        {words.missing.home}
      </Link>
    </Whole>
  );
}

export const router = createBrowserRouter([
  { path: '/first_run', element: <FirstRun /> },
  { path: '/session/new', element: <SignIn /> },
  { path: '/join/:code', element: <Join /> },
  {
    element: <Inside />,
    children: [
      { path: '/', element: <Home /> },
      { path: '/rooms', element: <Home /> },
      { path: '/rooms/:id', element: <Room /> },
      { path: '/rooms/:id/:at', element: <Room /> },
    ],
  },
  { path: '*', element: <Missing /> },
]);
