import { expect, it } from "vitest";
import { nextQuery, unwrapPage } from "./pagination";

it("reads the URL of the next page", () => {
  const link = '</api/v1/users?limit=500&after=Bo%20B>; rel="next"';
  expect(nextQuery(link)).toEqual({ limit: "500", after: "Bo B" });
});

it("finds it among other links and parameters", () => {
  const link = '<https://a.example/x?page=1>; rel="prev", </x?page=3>; title="more"; rel="next"';
  expect(nextQuery(link)).toEqual({ page: "3" });
});

it("returns null on the last page", () => {
  expect(nextQuery(null)).toBeNull();
  expect(nextQuery('</x?page=1>; rel="first"')).toBeNull();
});

it("throws the server's error", async () => {
  const response = new Response(null, { status: 403 });
  const request = Promise.resolve({ error: { detail: "Only administrators." }, response });
  await expect(unwrapPage(request)).rejects.toThrow("Only administrators.");
});
