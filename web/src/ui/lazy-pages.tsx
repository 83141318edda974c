import { CloudOff } from "lucide-react";
import { Suspense } from "react";
import { Outlet, useLocation } from "react-router";
import { words } from "../strings";
import { Button } from "./button";
import { Guard } from "./lazy-boundary";
import { Notice } from "./notice";
import { Loading } from "./query-boundary";

/** Around the routes of pages that are fetched when somebody goes there. */
export function LaterPages() {
  const { pathname } = useLocation();
  return (
    <Guard fallback={(retry) => <Failed retry={retry} />} version={pathname}>
      <Suspense fallback={<Loading />}>
        <Outlet />
      </Suspense>
    </Guard>
  );
}

/** The network broke, or a newer version took the place of the one that runs here. */
function Failed({ retry }: { retry: () => void }) {
  return (
    <main className="page" id="main-content">
      <Notice
        icon={<CloudOff />}
        title={words.panel.pageFailedTitle}
        action={
          <>
            <Button onClick={retry}>{words.retry}</Button>
            {/* What a newer version took away comes back only with a fresh page. */}
            <Button onClick={() => window.location.reload()}>{words.panel.reload}</Button>
          </>
        }
        alert
      >
        {words.panel.pageFailed}
      </Notice>
    </main>
  );
}
