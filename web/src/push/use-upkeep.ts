import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { statusQuery } from "../session/queries";
import { agree } from "./device";
import { pushChanged } from "./queries";

/** Makes this device and the server agree about notifications, once per visit. */
export function usePushUpkeep() {
  const cache = useQueryClient();
  useEffect(() => {
    const status = cache.getQueryData(statusQuery.queryKey);
    if (!status?.features.push) return;
    agree(status)
      .then(() => pushChanged(cache))
      // Without a network, or a push service: the next visit tries again.
      .catch((error) => console.warn("Whether this device is notified is not certain.", error));
  }, [cache]);
}
