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

/** How notifications stand on this device. */
const stateQuery = (status: Status | undefined) =>
  queryOptions({
    queryKey: [...key, "this"] as const,
    queryFn: () => {
      if (!status) throw new Error("the server has not said what it offers");
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

/** All of one's devices that notify, this one marked by its endpoint. */
export const pushDevicesQuery = (endpoint: string | null) =>
  queryOptions({
    queryKey: [...key, "devices", endpoint] as const,
    queryFn: () => listPushDevices(endpoint),
    // Turned off here, this device is asked for by another name: the others stay meanwhile.
    placeholderData: keepPreviousData,
  });

export async function invalidatePush(cache: QueryClient) {
  await cache.invalidateQueries({ queryKey: key });
}

/** Calls back when somebody changes the permission in the browser's own settings. */
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
    // Some browsers do not tell: then a reload shows it.
    .catch(() => undefined);
  return () => {
    isOver = true;
    status?.removeEventListener("change", listener);
  };
}
