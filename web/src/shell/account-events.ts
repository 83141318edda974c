// Applies account and user events to the query cache.
import type { QueryClient } from "@tanstack/react-query";
import { reloadSavedStyles } from "../account/custom-styles";
import { accountQuery, updateCachedAccount } from "../account/queries";
import type { Account, User } from "../api/types";
import { invalidatePeople, isInCachedDirectory, updateCachedPerson } from "../people/queries";

/** The account was renamed, or its settings or custom styles changed. */
export function applyAccountUpdate(cache: QueryClient, account: Account) {
  const before = cache.getQueryData(accountQuery.queryKey);
  updateCachedAccount(cache, account);
  // Shows styles that another administrator saved. The editor loads its own after saving.
  if (before && (before.custom_styles ?? "") !== (account.custom_styles ?? "")) reloadSavedStyles();
}

/** A user changed, joined or left. */
export function applyUserUpdate(cache: QueryClient, user: User) {
  const isNew = !isInCachedDirectory(cache, user.id);
  updateCachedPerson(cache, user);
  // Joining and leaving change the membership of lists, so patching their entries is not enough.
  if (isNew || user.status !== "active") invalidatePeople(cache);
}
