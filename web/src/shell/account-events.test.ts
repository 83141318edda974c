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

it("updates a name on the profile page and in lists, and keeps fields that only the profile page has", () => {
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

it("invalidates lists when a user joins", () => {
  applyUserUpdate(cache, aUser({ id: 3, name: "Cleo" }));
  expect(cache.getQueryState(directory)?.isInvalidated).toBe(true);
});

it("invalidates lists when a user is removed, and shows the change in the meantime", () => {
  applyUserUpdate(cache, aUser({ id: 2, status: "deactivated" }));
  expect(cache.getQueryState(directory)?.isInvalidated).toBe(true);
  expect(listed()?.find(({ id }) => id === 2)?.status).toBe("deactivated");
});

it("updates the account name in the app and on the sign-in page", () => {
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
