import { type QueryClient, queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "../api/client";
import type { Account } from "../api/types";
import { withCachedFallback } from "../offline/read-fallback";
import { statusQuery } from "../session/queries";

/** The account as visible to the signed-in user. */
export const accountQuery = queryOptions({
  queryKey: ["account"],
  queryFn: ({ client, queryKey, signal }) =>
    withCachedFallback(client, queryKey, () => unwrap(api.GET("/api/v1/account", { signal }))),
  staleTime: Number.POSITIVE_INFINITY,
});

/** Updates the cached account. */
export function updateCachedAccount(cache: QueryClient, account: Partial<Account>) {
  cache.setQueryData(accountQuery.queryKey, (known) => known && { ...known, ...account });
  // The sign-in pages use the status, which includes name and logo.
  cache.setQueryData(statusQuery.queryKey, (status) => {
    if (!status) return status;
    const { name = status.account.name, logo_url = status.account.logo_url } = account;
    return { ...status, account: { ...status.account, name, ...(logo_url && { logo_url }) } };
  });
}
