import { useEffect, useSyncExternalStore } from "react";
import { useNavigate } from "react-router";
import { useConnection } from "../cable/context";
import {
  answerWorker,
  hasNewVersion,
  lookForNewVersion,
  onNewVersion,
  registration,
} from "./worker";

/** Keeps the service worker for as long as somebody is signed in, and goes where its notifications lead. */
export function useWorker() {
  const navigate = useNavigate();
  const connection = useConnection();

  useEffect(() => {
    registration();
  }, []);

  useEffect(() => answerWorker((path) => navigate(path)), [navigate]);

  useEffect(() => {
    const turned = () => {
      if (!document.hidden) lookForNewVersion();
    };
    document.addEventListener("visibilitychange", turned);
    let wasConnected = connection.state === "connected";
    const unbind = connection.onChange(() => {
      if (connection.state !== "connected") return;
      // Back after a break: the server may be another one by now.
      if (wasConnected) lookForNewVersion(true);
      wasConnected = true;
    });
    return () => {
      document.removeEventListener("visibilitychange", turned);
      unbind();
    };
  }, [connection]);
}

/** Whether a new version waits for this page to be left. */
export function useHasNewVersion(): boolean {
  return useSyncExternalStore(onNewVersion, hasNewVersion);
}
