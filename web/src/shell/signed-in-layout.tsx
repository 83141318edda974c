import { useQuery, useQueryClient } from "@tanstack/react-query";
import { ServerCrash } from "lucide-react";
import { type ReactNode, useCallback, useEffect } from "react";
import { Outlet } from "react-router";
import { accountQuery } from "../account/queries";
import { errorMessage } from "../api/problem";
import type { Message } from "../api/types";
import { ConnectionProvider } from "../cable/context";
import { FeedsProvider, useFeedOf } from "../messages/feeds";
import { persistQueries } from "../offline/persister";
import { OutboxProvider } from "../outbox/context";
import { useSubscriptionSync } from "../push/use-subscription-sync";
import { meQuery, statusQuery } from "../session/queries";
import { onUserChange } from "../storage/current-user";
import { strings } from "../strings";
import { Button, LoadingDots } from "../ui/button";
import { Notice } from "../ui/notice";
import { PageTitleFormat } from "../ui/page-title";
import { ToastProvider } from "../ui/toasts";
import { NewVersion } from "./new-version";
import { OfflineBanner } from "./offline-banner";
import { Overlays } from "./overlays";
import { Sidebar } from "./sidebar";
import { useAppBadge, useUnreadTitleFormat } from "./unread-indicators";
import { useAccountSync } from "./use-account-sync";
import { useServiceWorker } from "./use-service-worker";

/** The layout for signed-in users: live connection, outbox, sidebar and page. */
export function SignedInLayout() {
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
          title={strings.connection.startFailedTitle}
          action={<Button onClick={() => me.refetch()}>{strings.retry}</Button>}
          alert
        >
          {errorMessage(me.error)}
        </Notice>
      </main>
    );
  }
  if (!me.data) return <LoadingPage />;
  return (
    <ConnectionProvider onRefused={askStatus}>
      <FeedsProvider>
        <WithOutbox userId={me.data.id}>
          <ToastProvider>
            <Layout isAdministrator={me.data.role === "administrator"} />
          </ToastProvider>
        </WithOutbox>
      </FeedsProvider>
    </ConnectionProvider>
  );
}

function WithOutbox({ userId, children }: { userId: number; children: ReactNode }) {
  const feedOf = useFeedOf();
  const cache = useQueryClient();
  useReloadOnUserChange(userId);
  useEffect(() => persistQueries(cache, userId), [cache, userId]);
  const arrived = useCallback(
    (message: Message) => feedOf(message.room_id).addFromResponse(message),
    [feedOf],
  );
  return (
    <OutboxProvider userId={userId} onDelivered={arrived}>
      {children}
    </OutboxProvider>
  );
}

/**
 * When another user signs in in another tab, this tab would act with their cookie, so it reloads.
 */
function useReloadOnUserChange(userId: number) {
  useEffect(() => onUserChange(userId, () => window.location.reload()), [userId]);
}

function Layout({ isAdministrator }: { isAdministrator: boolean }) {
  useAccountSync();
  useAppBadge();
  useServiceWorker();
  useSubscriptionSync();
  const titleFormat = useUnreadTitleFormat();
  const { data: account } = useQuery(accountQuery);
  const hasLogo = Boolean(account?.logo_url);
  // Custom styles may rely on these classes.
  useEffect(() => {
    document.body.classList.toggle("admin", isAdministrator);
    document.body.classList.toggle("account-has-logo", hasLogo);
    return () => document.body.classList.remove("admin", "account-has-logo");
  }, [isAdministrator, hasLogo]);
  return (
    <div className="app-layout">
      <a className="skip-link" href="#main-content">
        {strings.skip}
      </a>
      <Overlays>
        <PageTitleFormat value={titleFormat}>
          <Outlet />
        </PageTitleFormat>
        <Sidebar />
        <OfflineBanner />
        <NewVersion />
      </Overlays>
    </div>
  );
}

function LoadingPage() {
  return (
    <main className="page" id="main-content">
      <div className="page__waiting" role="status">
        <span className="visually-hidden">{strings.loading}</span>
        <LoadingDots />
      </div>
    </main>
  );
}
