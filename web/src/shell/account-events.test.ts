import { QueryClient } from "@tanstack/react-query";
import { beforeEach, expect, it } from "vitest";
import { accountQuery } from "../account/queries";
import { directoryQuery, personQuery } from "../people/queries";
import { statusQuery } from "../session/queries";
import { aUser } from "../testing/builders";
import { applyAccountUpdate, applyUserUpdate } from "./account-events";

const { queryKey: directory } = directoryQuery({});
let cache: QueryClient;

beforeEach(() => {
  cache = new QueryClient();
  cache.setQueryData(directory, {
    pages: [{ items: [aUser({ id: 1, name: "Ada" }), aUser({ id: 2, name: "Bo" })], next: null }],
    pageParams: [{}],
  });
});

const listed = () => cache.getQueryData(directory)?.pages.flatMap(({ items }) => items);

it("shows a new name on the card and in the lists, and keeps what only the card knew", () => {
  cache.setQueryData(personQuery(2).queryKey, {
    ...aUser({ id: 2, name: "Bo" }),
    email_address: "bo@example.com",
  });
  applyUserUpdate(cache, aUser({ id: 2, name: "Bob" }));
  expect(listed()?.map(({ name }) => name)).toEqual(["Ada", "Bob"]);
  expect(cache.getQueryData(personQuery(2).queryKey)).toMatchObject({
    name: "Bob",
    email_address: "bo@example.com",
  });
  expect(cache.getQueryState(directory)?.isInvalidated).toBe(false);
});

it("asks for the lists anew when somebody came or went", () => {
  applyUserUpdate(cache, aUser({ id: 3, name: "Cleo" }));
  expect(cache.getQueryState(directory)?.isInvalidated).toBe(true);
});

it("asks for the lists anew when somebody was removed, and shows so meanwhile", () => {
  applyUserUpdate(cache, aUser({ id: 2, status: "deactivated" }));
  expect(cache.getQueryState(directory)?.isInvalidated).toBe(true);
  expect(listed()?.find(({ id }) => id === 2)?.status).toBe("deactivated");
});

it("shows the account's new name inside and at the door", () => {
  const settings = { restrict_room_creation_to_administrators: false };
  cache.setQueryData(accountQuery.queryKey, { name: "Old", join_url: "/join/x", settings });
  cache.setQueryData(statusQuery.queryKey, {
    account: { name: "Old" },
    first_run: false,
    demo: false,
    signed_in: true,
    version: "1",
    features: {
      files: true,
      avatars: true,
      opengraph: true,
      search: true,
      push: true,
      bots: true,
      max_file_size: 1,
    },
  });
  applyAccountUpdate(cache, { name: "New", join_url: "/join/y", settings });
  expect(cache.getQueryData(accountQuery.queryKey)).toMatchObject({
    name: "New",
    join_url: "/join/y",
  });
  expect(cache.getQueryData(statusQuery.queryKey)?.account.name).toBe("New");
});
