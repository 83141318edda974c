import { infiniteQueryOptions, type QueryClient, queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "../api/client";
import { nextPageOptions, unwrapPage } from "../api/pagination";
import { statusOf } from "../api/problem";
import type { Bookmark } from "../api/types";

const pageSize = 40;

const key = ["bookmarks"] as const;

/** The user's bookmarks, latest first. */
export const bookmarksQuery = infiniteQueryOptions({
  queryKey: [...key, "list"],
  queryFn: ({ pageParam, signal }) => {
    const query = { limit: pageSize, ...pageParam };
    return unwrapPage<Bookmark>(api.GET("/api/v1/bookmarks", { params: { query }, signal }));
  },
  ...nextPageOptions,
});

/** The ids of the bookmarked messages in a room. */
export const bookmarkIdsQuery = (roomId: number) =>
  queryOptions({
    queryKey: [...key, "ids", roomId],
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/v1/bookmarks/ids", { params: { query: { room_id: roomId } }, signal })),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** Invalidates all queries of bookmarks. */
export function invalidateBookmarks(cache: QueryClient) {
  cache.invalidateQueries({ queryKey: key });
}

/** Adds or removes a bookmark, optimistically. Throws if the request fails. */
export async function setBookmark(
  cache: QueryClient,
  { id, room_id }: { id: number; room_id: number },
  wanted: boolean,
) {
  const { queryKey } = bookmarkIdsQuery(room_id);
  const show = (isThere: boolean) =>
    cache.setQueryData(queryKey, (ids) => {
      const others = ids?.filter((other) => other !== id);
      return others && (isThere ? [...others, id] : others);
    });
  show(wanted);
  try {
    await requestBookmark(id, wanted);
  } catch (error) {
    show(!wanted);
    throw error;
  }
  invalidateBookmarks(cache);
}

async function requestBookmark(messageId: number, wanted: boolean) {
  const url = "/api/v1/messages/{message_id}/bookmark";
  const params = { path: { message_id: messageId } };
  if (wanted) {
    await unwrap(api.PUT(url, { params }));
    return;
  }
  try {
    await unwrap(api.DELETE(url, { params }));
  } catch (error) {
    // It was removed already.
    if (statusOf(error) !== 404) throw error;
  }
}
