import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useSyncExternalStore } from "react";
import { useNavigate } from "react-router";
import { useConnection } from "../cable/context";
import {
  checkForNewVersion,
  handleWorkerMessages,
  hasNewVersion,
  onNewVersion,
  registration,
  retryRegistration,
} from "../device/service-worker";
import { invalidatePush } from "../push/queries";

/** Keeps the service worker for as long as somebody is signed in, and goes where its notifications lead. */
export function useServiceWorker() {
  const navigate = useNavigate();
  const connection = useConnection();

  useEffect(() => {
    registration();
  }, []);

  useEffect(() => handleWorkerMessages((path) => navigate(path)), [navigate]);

  const cache = useQueryClient();
  useEffect(() => {
    const again = async () => {
      // Only with a worker can this device be notified.
      if (await retryRegistration()) invalidatePush(cache);
    };
    const turned = () => {
      if (document.hidden) return;
      again();
      checkForNewVersion();
    };
    document.addEventListener("visibilitychange", turned);
    window.addEventListener("online", again);
    let wasConnected = connection.state === "connected";
    const unbind = connection.onChange(() => {
      if (connection.state !== "connected") return;
      again();
      // Back after a break: the server may be another one by now.
      if (wasConnected) checkForNewVersion(true);
      wasConnected = true;
    });
    return () => {
      document.removeEventListener("visibilitychange", turned);
      window.removeEventListener("online", again);
      unbind();
    };
  }, [cache, connection]);
}

/** Whether a new version waits for this page to be left. */
export function useHasNewVersion(): boolean {
  return useSyncExternalStore(onNewVersion, hasNewVersion);
}
