import {
  keepPreviousData,
  type QueryClient,
  queryOptions,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { useEffect } from "react";
import type { Status } from "../api/types";
import { getDevicePush, listPushDevices } from "../device/push-subscription";
import { statusQuery } from "../session/queries";

const key = ["push"] as const;

/** The push state of this device. */
const stateQuery = (status: Status | undefined) =>
  queryOptions({
    queryKey: [...key, "this"] as const,
    queryFn: () => {
      if (!status) throw new Error("the server's status is not loaded");
      return getDevicePush(status);
    },
    enabled: status !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });

export function usePushState() {
  const cache = useQueryClient();
  const { data: status } = useQuery(statusQuery);
  useEffect(() => onPermissionChange(() => invalidatePush(cache)), [cache]);
  return useQuery(stateQuery(status));
}

/** The user's devices with push notifications; the current one is marked by its endpoint. */
export const pushDevicesQuery = (endpoint: string | null) =>
  queryOptions({
    queryKey: [...key, "devices", endpoint] as const,
    queryFn: () => listPushDevices(endpoint),
    // The endpoint changes when push is turned off; the previous list is shown meanwhile.
    placeholderData: keepPreviousData,
  });

export async function invalidatePush(cache: QueryClient) {
  await cache.invalidateQueries({ queryKey: key });
}

/** Calls `listener` when the notification permission changes in the browser's settings. */
function onPermissionChange(listener: () => void): () => void {
  let status: PermissionStatus | undefined;
  let isOver = false;
  navigator.permissions
    ?.query({ name: "notifications" })
    .then((found) => {
      if (isOver) return;
      status = found;
      found.addEventListener("change", listener);
    })
    // Some browsers do not report it; a reload updates the state.
    .catch(() => undefined);
  return () => {
    isOver = true;
    status?.removeEventListener("change", listener);
  };
}
