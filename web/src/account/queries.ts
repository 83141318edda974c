import { queryOptions } from "@tanstack/react-query";
import { answer, api } from "../api/client";

/** The account as the person who is signed in may see it. */
export const accountQuery = queryOptions({
  queryKey: ["account"],
  queryFn: ({ signal }) => answer(api.GET("/api/v1/account", { signal })),
  staleTime: Number.POSITIVE_INFINITY,
});
