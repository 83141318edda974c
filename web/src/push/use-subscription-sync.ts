import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useConnection } from "../cable/context";
import { syncSubscription } from "../device/push-subscription";
import { statusQuery } from "../session/queries";
import { isResubscribePending } from "../worker/pending-resubscribe";
import { invalidatePush } from "./queries";

/**
 * Synchronizes this device's push subscription with the server, once per visit, and later if that
 * could not be completed.
 */
export function useSubscriptionSync() {
  const cache = useQueryClient();
  const connection = useConnection();
  useEffect(() => {
    let running: Promise<void> | null = null;
    const sync = async () => {
      const status = cache.getQueryData(statusQuery.queryKey);
      if (!status?.features.push) return;
      try {
        await syncSubscription(status);
        await invalidatePush(cache);
      } catch (error) {
        // Without a network or a push service; the next visit tries again.
        console.warn("Failed to synchronize the push subscription.", error);
      }
    };
    const once = async () => {
      running ??= sync();
      await running;
      running = null;
    };
    once();
    return connection.onChange(async () => {
      if (connection.state === "connected" && (await isResubscribePending())) once();
    });
  }, [cache, connection]);
}
