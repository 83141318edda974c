import { queryOptions } from "@tanstack/react-query";
import type { Client } from "openapi-fetch";
import { answer, api } from "../api/client";
import type { User } from "../api/types";

/** Somebody who can be mentioned. */
export interface Person extends User {
  /** The signed global id that a mention carries. */
  sgid: string;
}

/** What `/play` knows. */
export interface Sound {
  name: string;
  url: string;
  text: string | null;
}

interface Lookups {
  "/api/v1/users": Get<Person[], { room_id: number; query: string; limit: number }>;
  "/api/v1/sounds": Get<Sound[], Record<string, never>>;
}

interface Get<Answer, Query> {
  get: {
    parameters: { query?: Query };
    responses: { 200: { headers: object; content: { "application/json": Answer } } };
  };
}

const lookups = api as unknown as Client<Lookups>;

/** How many people are suggested at most. */
export const mostPeople = 20;

/** Who of a room fits `query`: who spoke last comes first. */
export const peopleQuery = (roomId: number, query: string) =>
  queryOptions({
    queryKey: ["people", roomId, query],
    queryFn: ({ signal }) =>
      answer(
        lookups.GET("/api/v1/users", {
          params: { query: { room_id: roomId, query, limit: mostPeople } },
          signal,
        }),
      ),
    staleTime: 60_000,
    gcTime: 5 * 60_000,
  });

export const soundsQuery = queryOptions({
  queryKey: ["sounds"],
  queryFn: ({ signal }) => answer(lookups.GET("/api/v1/sounds", { signal })),
  staleTime: Number.POSITIVE_INFINITY,
});
