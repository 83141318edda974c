import { expect, it } from "vitest";
import { nextQuery, unwrapPage } from "./pagination";

it("finds where the next part is", () => {
  const link = '</api/v1/users?limit=500&after=Bo%20B>; rel="next"';
  expect(nextQuery(link)).toEqual({ limit: "500", after: "Bo B" });
});

it("finds it among other links, and beside other words about it", () => {
  const link = '<https://a.example/x?page=1>; rel="prev", </x?page=3>; title="more"; rel="next"';
  expect(nextQuery(link)).toEqual({ page: "3" });
});

it("knows the last part", () => {
  expect(nextQuery(null)).toBeNull();
  expect(nextQuery('</x?page=1>; rel="first"')).toBeNull();
});

it("throws what the server has against it", async () => {
  const response = new Response(null, { status: 403 });
  const request = Promise.resolve({ error: { detail: "Only administrators." }, response });
  await expect(unwrapPage(request)).rejects.toThrow("Only administrators.");
});
