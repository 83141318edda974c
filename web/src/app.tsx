import { QueryClientProvider, useQuery } from "@tanstack/react-query";
import { ServerCrash } from "lucide-react";
import { useEffect } from "react";
import { BrowserRouter, Outlet, Route, Routes } from "react-router";
import { errorMessage } from "./api/problem";
import { AppQueryClient } from "./api/query-client";
import { BookmarksPage } from "./bookmarks/bookmarks-page";
import { InboxPage } from "./inbox/inbox-page";
import { isServerUnreachable } from "./offline/read-fallback";
import { RoomPage } from "./room-page/room-page";
import { FirstRun } from "./session/first-run";
import { statusQuery } from "./session/queries";
import { RedirectIfSignedIn, RequireSession, useSessionEnd } from "./session/require-session";
import { SignIn } from "./session/sign-in";
import { SignUp } from "./session/sign-up";
import { Home } from "./shell/home";
import { SignedInLayout } from "./shell/signed-in-layout";
import { strings } from "./strings";
import { Button, LoadingDots } from "./ui/button";
import { LazyPages } from "./ui/lazy-pages";
import { NotFound } from "./ui/not-found";
import { Notice } from "./ui/notice";
import { retryableLazy } from "./ui/retryable-lazy";

const NewRoomPage = retryableLazy(() => import("./room-settings/new-room-page"));
const RoomSettingsPage = retryableLazy(() => import("./room-settings/room-settings-page"));
const NewPingPage = retryableLazy(() => import("./pings/new-ping-page"));
const PersonPage = retryableLazy(() => import("./people/person-page"));
const ProfilePage = retryableLazy(() => import("./profile/profile-page"));
const AccountPage = retryableLazy(() => import("./account/account-page"));
const StylesPage = retryableLazy(() => import("./account/styles-page"));
const BotsPage = retryableLazy(() => import("./bots/bots-page"));
const NewBotPage = retryableLazy(() => import("./bots/new-bot-page"));
const EditBotPage = retryableLazy(() => import("./bots/edit-bot-page"));
const SearchPage = retryableLazy(() => import("./search/search-page"));
const AuditPage = retryableLazy(() => import("./audit/audit-page"));
const TransferPage = retryableLazy(() => import("./session/transfer-page"));
const PasswordResetPage = retryableLazy(() => import("./session/password-reset-page"));
// In development builds only; other builds do not include the file.
const DesignPage = import.meta.env.DEV ? retryableLazy(() => import("./ui/design-page")) : null;

const cache = new AppQueryClient();

export function App() {
  return (
    <QueryClientProvider client={cache}>
      <BrowserRouter>
        <Routes>
          <Route element={<Start />}>
            <Route element={<RedirectIfSignedIn />}>
              <Route path="first_run" element={<FirstRun />} />
              <Route path="session/new" element={<SignIn />} />
            </Route>
            <Route path="join/:code" element={<SignUp />} />
            <Route element={<LazyPages />}>
              <Route path="session/transfers/:id" element={<TransferPage />} />
              <Route path="password_resets/:token" element={<PasswordResetPage />} />
              {DesignPage && <Route path="_design" element={<DesignPage />} />}
            </Route>
            <Route element={<RequireSession />}>
              <Route element={<SignedInLayout />}>
                <Route index element={<Home />} />
                <Route path="inbox" element={<InboxPage />} />
                <Route path="bookmarks" element={<BookmarksPage />} />
                <Route path="rooms/:roomId" element={<RoomPage />} />
                <Route path="rooms/:roomId/:at" element={<RoomPage />} />
                <Route element={<LazyPages />}>
                  <Route path="rooms/opens/new" element={<NewRoomPage type="open" />} />
                  <Route path="rooms/closeds/new" element={<NewRoomPage type="closed" />} />
                  <Route path="rooms/directs/new" element={<NewPingPage />} />
                  {(["open", "closed", "direct"] as const).map((type) => (
                    <Route
                      key={type}
                      path={`rooms/${type}s/:roomId/edit`}
                      element={<RoomSettingsPage type={type} />}
                    />
                  ))}
                  <Route path="searches" element={<SearchPage />} />
                  <Route path="users/:userId" element={<PersonPage />} />
                  <Route path="users/me/profile" element={<ProfilePage />} />
                  <Route path="account/edit" element={<AccountPage />} />
                  <Route path="account/custom_styles/edit" element={<StylesPage />} />
                  <Route path="account/bots" element={<BotsPage />} />
                  <Route path="account/bots/new" element={<NewBotPage />} />
                  <Route path="account/bots/:botId/edit" element={<EditBotPage />} />
                  <Route path="account/audit" element={<AuditPage />} />
                </Route>
                <Route path="*" element={<NotFound />} />
              </Route>
            </Route>
          </Route>
        </Routes>
      </BrowserRouter>
    </QueryClientProvider>
  );
}

/** How often the server is polled while the page shows cached data, in milliseconds. */
const pollInterval = 10_000;

/** Loads the server's status first. */
function Start() {
  useSessionEnd();
  const status = useQuery({
    ...statusQuery,
    refetchInterval: () => (isServerUnreachable() ? pollInterval : false),
  });
  const { refetch } = status;
  useEffect(() => {
    const onOnline = () => {
      if (isServerUnreachable()) refetch();
    };
    window.addEventListener("online", onOnline);
    return () => window.removeEventListener("online", onOnline);
  }, [refetch]);
  if (status.data) return <Outlet />;
  return (
    <main className="page" id="main-content">
      {status.isError ? (
        <Notice
          icon={<ServerCrash />}
          title={strings.connection.startFailedTitle}
          action={
            <Button onClick={() => status.refetch()} busy={status.isFetching}>
              {strings.retry}
            </Button>
          }
          alert
        >
          {errorMessage(status.error)}
        </Notice>
      ) : (
        <div className="page__waiting" role="status">
          <span className="visually-hidden">{strings.connection.starting}</span>
          <LoadingDots />
        </div>
      )}
    </main>
  );
}
