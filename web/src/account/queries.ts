import { type QueryClient, queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "../api/client";
import type { Account } from "../api/types";
import { withCachedFallback } from "../offline/read-fallback";
import { statusQuery } from "../session/queries";

/** The account as the person who is signed in may see it. */
export const accountQuery = queryOptions({
  queryKey: ["account"],
  queryFn: ({ client, queryKey, signal }) =>
    withCachedFallback(client, queryKey, () => unwrap(api.GET("/api/v1/account", { signal }))),
  staleTime: Number.POSITIVE_INFINITY,
});

/** What was just learned about the account. */
export function updateCachedAccount(cache: QueryClient, account: Partial<Account>) {
  cache.setQueryData(accountQuery.queryKey, (known) => known && { ...known, ...account });
  // The doors show name and logo, too.
  cache.setQueryData(statusQuery.queryKey, (status) => {
    if (!status) return status;
    const { name = status.account.name, logo_url = status.account.logo_url } = account;
    return { ...status, account: { ...status.account, name, ...(logo_url && { logo_url }) } };
  });
}
