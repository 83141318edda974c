import { CloudOff } from "lucide-react";
import { Suspense } from "react";
import { Outlet, useLocation } from "react-router";
import { strings } from "../strings";
import { Button } from "./button";
import { ErrorBoundary } from "./lazy-boundary";
import { Notice } from "./notice";
import { Loading } from "./query-boundary";

/** The layout route around pages whose code is loaded on demand. */
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

/** The network is down, or a newer version has replaced the files of this one. */
function Failed({ retry }: { retry: () => void }) {
  return (
    <main className="page" id="main-content">
      <Notice
        icon={<CloudOff />}
        title={strings.panel.pageFailedTitle}
        action={
          <>
            <Button onClick={retry}>{strings.retry}</Button>
            {/* Files that a newer version removed are only found after a reload. */}
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
