import { useQuery, useQueryClient } from "@tanstack/react-query";
import { ServerCrash } from "lucide-react";
import { type ReactNode, useCallback, useEffect } from "react";
import { Outlet } from "react-router";
import { accountQuery } from "../account/queries";
import { sentenceFor } from "../api/problem";
import type { Message } from "../api/types";
import { ConnectionProvider } from "../cable/context";
import { FeedsProvider, useFeedOf } from "../messages/feeds";
import { keepFor } from "../offline/persister";
import { OutboxProvider } from "../outbox/context";
import { usePushUpkeep } from "../push/use-subscription-sync";
import { meQuery, statusQuery } from "../session/queries";
import { onOtherUser } from "../storage/current-user";
import { words } from "../strings";
import { Button, Dots } from "../ui/button";
import { Notice } from "../ui/notice";
import { ToastProvider } from "../ui/toasts";
import { NewVersion } from "./new-version";
import { OfflineSign } from "./offline-banner";
import { Overlays } from "./overlays";
import { Sidebar } from "./sidebar";
import { useAppBadge } from "./unread-indicators";
import { useHouse } from "./use-account-sync";
import { useWorker } from "./use-service-worker";

/** Everything behind the door: the live connection, the outbox, the sidebar and the page. */
export function Inside() {
  const me = useQuery(meQuery);
  const cache = useQueryClient();
  const askStatus = useCallback(() => {
    cache.invalidateQueries({ queryKey: statusQuery.queryKey });
  }, [cache]);

  if (me.isError && !me.data) {
    return (
      <main className="page" id="main-content">
        <Notice
          icon={<ServerCrash />}
          title={words.connection.startFailedTitle}
          action={<Button onClick={() => me.refetch()}>{words.retry}</Button>}
          alert
        >
          {sentenceFor(me.error)}
        </Notice>
      </main>
    );
  }
  if (!me.data) return <Waiting />;
  return (
    <ConnectionProvider onRefused={askStatus}>
      <FeedsProvider>
        <WithOutbox userId={me.data.id}>
          <ToastProvider>
            <House isAdministrator={me.data.role === "administrator"} />
          </ToastProvider>
        </WithOutbox>
      </FeedsProvider>
    </ConnectionProvider>
  );
}

function WithOutbox({ userId, children }: { userId: number; children: ReactNode }) {
  const feedOf = useFeedOf();
  const cache = useQueryClient();
  useSamePerson(userId);
  useEffect(() => keepFor(cache, userId), [cache, userId]);
  const arrived = useCallback(
    (message: Message) => feedOf(message.room_id).learn(message),
    [feedOf],
  );
  return (
    <OutboxProvider userId={userId} onArrived={arrived}>
      {children}
    </OutboxProvider>
  );
}

/** Who signs in elsewhere in this browser takes this tab over with their cookie: it must not go on as before. */
function useSamePerson(userId: number) {
  useEffect(() => onOtherUser(userId, () => window.location.reload()), [userId]);
}

function House({ isAdministrator }: { isAdministrator: boolean }) {
  useHouse();
  useAppBadge();
  useWorker();
  usePushUpkeep();
  const { data: account } = useQuery(accountQuery);
  const hasLogo = Boolean(account?.logo_url);
  // Custom styles may rely on these classes.
  useEffect(() => {
    document.body.classList.toggle("admin", isAdministrator);
    document.body.classList.toggle("account-has-logo", hasLogo);
    return () => document.body.classList.remove("admin", "account-has-logo");
  }, [isAdministrator, hasLogo]);
  return (
    <div className="house">
      <a className="skip-link" href="#main-content">
        {words.skip}
      </a>
      <Overlays>
        <Outlet />
        <Sidebar />
        <OfflineSign />
        <NewVersion />
      </Overlays>
    </div>
  );
}

function Waiting() {
  return (
    <main className="page" id="main-content">
      <div className="page__waiting" role="status">
        <span className="visually-hidden">{words.loading}</span>
        <Dots />
      </div>
    </main>
  );
}
