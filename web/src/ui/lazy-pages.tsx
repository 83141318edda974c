import { CloudOff } from "lucide-react";
import { Suspense } from "react";
import { Outlet, useLocation } from "react-router";
import { strings } from "../strings";
import { Button } from "./button";
import { ErrorBoundary } from "./lazy-boundary";
import { Notice } from "./notice";
import { Loading } from "./query-boundary";

/** Around the routes of pages that are fetched when somebody goes there. */
export function LazyPages() {
  const { pathname } = useLocation();
  return (
    <ErrorBoundary fallback={(retry) => <Failed retry={retry} />} resetKey={pathname}>
      <Suspense fallback={<Loading />}>
        <Outlet />
      </Suspense>
    </ErrorBoundary>
  );
}

/** The network broke, or a newer version took the place of the one that runs here. */
function Failed({ retry }: { retry: () => void }) {
  return (
    <main className="page" id="main-content">
      <Notice
        icon={<CloudOff />}
        title={strings.panel.pageFailedTitle}
        action={
          <>
            <Button onClick={retry}>{strings.retry}</Button>
            {/* What a newer version took away comes back only with a fresh page. */}
            <Button onClick={() => window.location.reload()}>{strings.panel.reload}</Button>
          </>
        }
        alert
      >
        {strings.panel.pageFailed}
      </Notice>
    </main>
  );
}
