import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { Navigate, Outlet, useLocation } from "react-router";
import { onSignedOut } from "../api/client";
import { endSession, statusQuery } from "./queries";
import { clearReturnPath, returnPath, saveReturnPath } from "./return-path";

/** Leads whoever is not signed in to the door, and back to where they wanted to go afterwards. */
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

/** The door is for those outside: whoever is signed in goes straight in. */
export function RedirectIfSignedIn() {
  const { data: status } = useSuspenseQuery(statusQuery);
  const { pathname } = useLocation();
  if (status.signed_in) return <Navigate to={returnPath()} replace />;
  const isFirstRun = pathname === "/first_run";
  if (status.first_run && !isFirstRun) return <Navigate to="/first_run" replace />;
  if (!status.first_run && isFirstRun) return <Navigate to="/session/new" replace />;
  return <Outlet />;
}

/** Notices wherever it happens that the session has ended. */
export function useSessionEnd() {
  const cache = useQueryClient();
  useEffect(() => onSignedOut(() => endSession(cache)), [cache]);
}
