import { queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "../api/client";

/** The most that the server sends at once. */
const maxPeople = 500;

/** How long the list of people counts as fresh, in milliseconds: names change rarely. */
const freshFor = 60_000;

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
