import { type QueryClient, queryOptions } from "@tanstack/react-query";
import { answer, api } from "../api/client";
import type { Account } from "../api/types";
import { orKept } from "../offline/read-fallback";
import { statusQuery } from "../session/queries";

/** The account as the person who is signed in may see it. */
export const accountQuery = queryOptions({
  queryKey: ["account"],
  queryFn: ({ client, queryKey, signal }) =>
    orKept(client, queryKey, () => answer(api.GET("/api/v1/account", { signal }))),
  staleTime: Number.POSITIVE_INFINITY,
});

/** What was just learned about the account. */
export function learnAccount(cache: QueryClient, account: Partial<Account>) {
  cache.setQueryData(accountQuery.queryKey, (known) => known && { ...known, ...account });
  // The doors show name and logo, too.
  cache.setQueryData(statusQuery.queryKey, (status) => {
    if (!status) return status;
    const { name = status.account.name, logo_url = status.account.logo_url } = account;
    return { ...status, account: { ...status.account, name, ...(logo_url && { logo_url }) } };
  });
}
