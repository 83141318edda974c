import { infiniteQueryOptions, type QueryClient, queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "../api/client";
import { nextPageOptions, unwrapPage } from "../api/pagination";
import type { Person, User } from "../api/types";

/** How many come at once: enough for a screen or two, few enough to be drawn between two letters of a filter. */
const pageSize = 100;

/** How long what is known of people counts as fresh, in milliseconds; events tell of changes. */
const freshFor = 60_000;

const directoryKey = ["directory"] as const;

interface DirectoryFilter {
  /** A part of the name. */
  query?: string;
  /** Also those who were removed or banned. Only for administrators. */
  all?: boolean;
}

/** Everybody on the account by name, part by part. */
export const directoryQuery = ({ query = "", all = false }: DirectoryFilter) =>
  infiniteQueryOptions({
    queryKey: [...directoryKey, { query, all }] as const,
    queryFn: ({ pageParam, signal }) => {
      const asked = {
        limit: pageSize,
        ...(query && { query }),
        ...(all && { status: "all" as const }),
        ...pageParam,
      };
      return unwrapPage<Person>(api.GET("/api/v1/users", { params: { query: asked }, signal }));
    },
    ...nextPageOptions,
    staleTime: freshFor,
  });

/** A few people whose names fit, for suggestions. */
export const suggestionsQuery = (query: string, limit: number) =>
  queryOptions({
    queryKey: ["suggestions", query, limit] as const,
    queryFn: ({ signal }) => {
      const params = { query: { limit, ...(query && { query }) } };
      return unwrap(api.GET("/api/v1/users", { params, signal }));
    },
    staleTime: freshFor,
  });

/** The most that the server sends at once. */
const maxPeople = 500;

/** The people of the house, or those whose names fit. `isCut` says that there may be more. */
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

/** One person. */
export const personQuery = (id: number) =>
  queryOptions({
    queryKey: ["person", id] as const,
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/v1/users/{user_id}", { params: { path: { user_id: id } }, signal })),
    staleTime: freshFor,
  });

/** The people I don't want to hear from. */
export const blocksQuery = queryOptions({
  queryKey: ["blocks"] as const,
  queryFn: ({ signal }) => unwrap(api.GET("/api/v1/me/blocks", { signal })),
  staleTime: freshFor,
});

/** What was just learned about somebody, wherever they are shown. */
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

/** Whether a list of everybody that was loaded has this person. */
export function isInCachedDirectory(cache: QueryClient, id: number): boolean {
  return cache
    .getQueriesData<{ pages: { items: Person[] }[] }>({ queryKey: directoryKey })
    .some(([, data]) => data?.pages.some(({ items }) => items.some((other) => other.id === id)));
}

/** Somebody came or went: lists of people are out of date. */
export function invalidatePeople(cache: QueryClient) {
  cache.invalidateQueries({ queryKey: directoryKey });
  cache.invalidateQueries({ queryKey: ["suggestions"] });
}

function withChanges<Kind extends User>(people: readonly Kind[], person: User): Kind[] {
  return people.map((other) => (other.id === person.id ? { ...other, ...person } : other));
}
