import { QueryObserver } from "@tanstack/react-query";
import { expect, it, vi } from "vitest";
import { AppQueryClient } from "./query-client";

it("repeats a first request that was sent before a change", async () => {
  const cache = new AppQueryClient();
  const answers: ((value: string) => void)[] = [];
  const queryFn = vi.fn(() => new Promise<string>((done) => answers.push(done)));
  const observer = new QueryObserver(cache, { queryKey: ["rooms"], queryFn });
  const stop = observer.subscribe(() => undefined);
  const changed = cache.invalidateQueries({ queryKey: ["rooms"] });
  answers[0]?.("before");
  await vi.waitFor(() => expect(queryFn).toHaveBeenCalledTimes(2));
  answers[1]?.("after");
  await changed;
  expect(cache.getQueryData(["rooms"])).toBe("after");

  // Queries with data are refetched once.
  const again = cache.invalidateQueries({ queryKey: ["rooms"] });
  await vi.waitFor(() => expect(queryFn).toHaveBeenCalledTimes(3));
  answers[2]?.("later");
  await again;
  expect(queryFn).toHaveBeenCalledTimes(3);
  stop();
});
