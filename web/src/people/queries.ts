import { infiniteQueryOptions, type QueryClient, queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "../api/client";
import { nextPageOptions, unwrapPage } from "../api/pagination";
import type { Person, User } from "../api/types";

/** Users per page: enough for a screen or two, few enough to render while typing in the filter. */
const pageSize = 100;

/** How long user data is fresh, in milliseconds; events report changes. */
const freshFor = 60_000;

const directoryKey = ["directory"] as const;

interface DirectoryFilter {
  /** A part of the name. */
  query?: string;
  /** Includes deactivated and banned users. For administrators only. */
  all?: boolean;
}

/** All users by name, page by page. */
export const directoryQuery = ({ query = "", all = false }: DirectoryFilter) =>
  infiniteQueryOptions({
    queryKey: [...directoryKey, { query, all }] as const,
    queryFn: ({ pageParam, signal }) => {
      const pageQuery = {
        limit: pageSize,
        ...(query && { query }),
        ...(all && { status: "all" as const }),
        ...pageParam,
      };
      return unwrapPage<Person>(api.GET("/api/v1/users", { params: { query: pageQuery }, signal }));
    },
    ...nextPageOptions,
    staleTime: freshFor,
  });

/** A few users whose names match, for suggestions. */
export const suggestionsQuery = (query: string, limit: number) =>
  queryOptions({
    queryKey: ["suggestions", query, limit] as const,
    queryFn: ({ signal }) => {
      const params = { query: { limit, ...(query && { query }) } };
      return unwrap(api.GET("/api/v1/users", { params, signal }));
    },
    staleTime: freshFor,
  });

/** The server's maximum per request. */
const maxPeople = 500;

/** All users, or those whose names match. `isCut` says that there may be more. */
export const peopleByNameQuery = (query: string) =>
  queryOptions({
    queryKey: ["people", query],
    queryFn: async ({ signal }) => {
      const params = { query: { limit: maxPeople, ...(query && { query }) } };
      const people = await unwrap(api.GET("/api/v1/users", { params, signal }));
      return { people, isCut: people.length >= maxPeople };
    },
    staleTime: freshFor,
  });

export const personQuery = (id: number) =>
  queryOptions({
    queryKey: ["person", id] as const,
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/v1/users/{user_id}", { params: { path: { user_id: id } }, signal })),
    staleTime: freshFor,
  });

/** The users that the current user has blocked. */
export const blocksQuery = queryOptions({
  queryKey: ["blocks"] as const,
  queryFn: ({ signal }) => unwrap(api.GET("/api/v1/me/blocks", { signal })),
  staleTime: freshFor,
});

/** Updates a user in every cached query. */
export function updateCachedPerson(cache: QueryClient, person: User) {
  cache.setQueryData(personQuery(person.id).queryKey, (known) => known && { ...known, ...person });
  cache.setQueryData(blocksQuery.queryKey, (people) => people && withChanges(people, person));
  cache.setQueriesData<{ pages: { items: Person[] }[] }>(
    { queryKey: directoryKey },
    (data) =>
      data && {
        ...data,
        pages: data.pages.map((page) => ({ ...page, items: withChanges(page.items, person) })),
      },
  );
  cache.setQueriesData<Person[]>(
    { queryKey: ["suggestions"] },
    (people) => people && withChanges(people, person),
  );
}

/** Whether any cached directory page has this user. */
export function isInCachedDirectory(cache: QueryClient, id: number): boolean {
  return cache
    .getQueriesData<{ pages: { items: Person[] }[] }>({ queryKey: directoryKey })
    .some(([, data]) => data?.pages.some(({ items }) => items.some((other) => other.id === id)));
}

/** Invalidates lists of users, after someone joined or left. */
export function invalidatePeople(cache: QueryClient) {
  cache.invalidateQueries({ queryKey: directoryKey });
  cache.invalidateQueries({ queryKey: ["suggestions"] });
}

function withChanges<Kind extends User>(people: readonly Kind[], person: User): Kind[] {
  return people.map((other) => (other.id === person.id ? { ...other, ...person } : other));
}
