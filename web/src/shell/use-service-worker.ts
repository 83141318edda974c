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

/**
 * Registers the service worker while a user is signed in, and navigates when a notification is
 * clicked.
 */
export function useServiceWorker() {
  const navigate = useNavigate();
  const connection = useConnection();

  useEffect(() => {
    registration();
  }, []);

  useEffect(() => handleWorkerMessages((path) => navigate(path)), [navigate]);

  const cache = useQueryClient();
  useEffect(() => {
    const retry = async () => {
      // Push needs a service worker, so its state may change.
      if (await retryRegistration()) invalidatePush(cache);
    };
    const onVisibilityChange = () => {
      if (document.hidden) return;
      retry();
      checkForNewVersion();
    };
    document.addEventListener("visibilitychange", onVisibilityChange);
    window.addEventListener("online", retry);
    let wasConnected = connection.state === "connected";
    const unbind = connection.onChange(() => {
      if (connection.state !== "connected") return;
      retry();
      // Reconnected: the server may have been updated in the meantime.
      if (wasConnected) checkForNewVersion(true);
      wasConnected = true;
    });
    return () => {
      document.removeEventListener("visibilitychange", onVisibilityChange);
      window.removeEventListener("online", retry);
      unbind();
    };
  }, [cache, connection]);
}

/** Whether a new version is ready to be activated. */
export function useHasNewVersion(): boolean {
  return useSyncExternalStore(onNewVersion, hasNewVersion);
}
