import { QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";
import { ServerCrash } from "lucide-react";
import { BrowserRouter, Outlet, Route, Routes } from "react-router";
import { isPassing, sentenceFor } from "./api/problem";
import { BookmarksPage } from "./bookmarks/bookmarks-page";
import { InboxPage } from "./inbox/inbox-page";
import { Home } from "./rooms/home";
import { Inside } from "./rooms/inside";
import { NotFound } from "./rooms/not-found";
import { RoomPage } from "./rooms/room-page";
import { FirstRun } from "./session/first-run";
import { SignedInOnly, SignedOutOnly, useSessionEnd } from "./session/gate";
import { Join } from "./session/join";
import { statusQuery } from "./session/queries";
import { SignIn } from "./session/sign-in";
import { Button, Dots } from "./ui/button";
import { Notice } from "./ui/notice";
import { words } from "./words";

const cache = new QueryClient({
  defaultOptions: {
    queries: {
      // The browser's idea of being online is a guess; the request itself knows.
      networkMode: "always",
      // Live events and reconnecting say when something must be fetched again.
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
      retry: (failures, error) => failures < 2 && isPassing(error),
    },
  },
});

export function App() {
  return (
    <QueryClientProvider client={cache}>
      <BrowserRouter>
        <Routes>
          <Route element={<Start />}>
            <Route element={<SignedOutOnly />}>
              <Route path="first_run" element={<FirstRun />} />
              <Route path="session/new" element={<SignIn />} />
            </Route>
            <Route path="join/:code" element={<Join />} />
            <Route element={<SignedInOnly />}>
              <Route element={<Inside />}>
                <Route index element={<Home />} />
                <Route path="inbox" element={<InboxPage />} />
                <Route path="bookmarks" element={<BookmarksPage />} />
                <Route path="rooms/:roomId" element={<RoomPage />} />
                <Route path="rooms/:roomId/:at" element={<RoomPage />} />
                <Route path="*" element={<NotFound />} />
              </Route>
            </Route>
          </Route>
        </Routes>
      </BrowserRouter>
    </QueryClientProvider>
  );
}

/** Asks the server where things stand before anything else. */
function Start() {
  useSessionEnd();
  const status = useQuery(statusQuery);
  if (status.data) return <Outlet />;
  return (
    <main className="page" id="main-content">
      {status.isError ? (
        <Notice
          icon={<ServerCrash />}
          title={words.connection.startFailedTitle}
          action={
            <Button onClick={() => status.refetch()} busy={status.isFetching}>
              {words.retry}
            </Button>
          }
          alert
        >
          {sentenceFor(status.error)}
        </Notice>
      ) : (
        <div className="page__waiting" role="status">
          <span className="visually-hidden">{words.connection.starting}</span>
          <Dots />
        </div>
      )}
    </main>
  );
}
