import { queryOptions } from "@tanstack/react-query";
import { answer, api } from "../api/client";

/** The most that the server sends at once. */
const most = 500;

/** How long the list of people counts as fresh, in milliseconds: names change rarely. */
const freshFor = 60_000;

/** The people of the house, or those whose names fit. `isCut` says that there may be more. */
export const peopleQuery = (query: string) =>
  queryOptions({
    queryKey: ["people", query],
    queryFn: async ({ signal }) => {
      const params = { query: { limit: most, ...(query && { query }) } };
      const people = await answer(api.GET("/api/v1/users", { params, signal }));
      return { people, isCut: people.length >= most };
    },
    staleTime: freshFor,
  });
