import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { Navigate, Outlet, useLocation } from "react-router";
import { onSignedOut } from "../api/client";
import { endSession, statusQuery } from "./queries";
import { clearReturnPath, returnPath, saveReturnPath } from "./return-path";

/** Redirects to the sign-in page, and back to the requested page after signing in. */
export function RequireSession() {
  const { data: status } = useSuspenseQuery(statusQuery);
  const { pathname, search } = useLocation();
  const isIn = status.signed_in && !status.first_run;
  useEffect(() => {
    if (isIn) clearReturnPath();
    else saveReturnPath(pathname + search);
  }, [isIn, pathname, search]);
  if (status.first_run) return <Navigate to="/first_run" replace />;
  return isIn ? <Outlet /> : <Navigate to="/session/new" replace />;
}

/** Pages for people who are not signed in. Redirects everyone else to where they were going. */
export function RedirectIfSignedIn() {
  const { data: status } = useSuspenseQuery(statusQuery);
  const { pathname } = useLocation();
  if (status.signed_in) return <Navigate to={returnPath()} replace />;
  const isFirstRun = pathname === "/first_run";
  if (status.first_run && !isFirstRun) return <Navigate to="/first_run" replace />;
  if (!status.first_run && isFirstRun) return <Navigate to="/session/new" replace />;
  return <Outlet />;
}

/** Ends the session in the client as soon as any request is answered with 401. */
export function useSessionEnd() {
  const cache = useQueryClient();
  useEffect(() => onSignedOut(() => endSession(cache)), [cache]);
}
