// What the house says about people and the account, taken into what this page knows.
import type { QueryClient } from "@tanstack/react-query";
import { reloadSavedStyles } from "../account/custom-styles";
import { accountQuery, updateCachedAccount } from "../account/queries";
import type { Account, User } from "../api/types";
import { invalidatePeople, isInCachedDirectory, updateCachedPerson } from "../people/queries";

/** The account was renamed, or its settings or styles changed. */
export function applyAccountUpdate(cache: QueryClient, account: Account) {
  const before = cache.getQueryData(accountQuery.queryKey);
  updateCachedAccount(cache, account);
  // Styles that somebody saved show without a reload; one's own were loaded when they were saved.
  if (before && (before.custom_styles ?? "") !== (account.custom_styles ?? "")) reloadSavedStyles();
}

/** Somebody changed, came or went. */
export function applyUserUpdate(cache: QueryClient, user: User) {
  const isNew = !isInCachedDirectory(cache, user.id);
  updateCachedPerson(cache, user);
  // Who comes or goes changes who is in the lists, and not only what they say.
  if (isNew || user.status !== "active") invalidatePeople(cache);
}
