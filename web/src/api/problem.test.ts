import { describe, expect, it } from "vitest";
import { strings } from "../strings";
import { errorMessage, isTransient, Problem, problemFrom, Unreachable } from "./problem";

const answerWith = (status: number, headers: Record<string, string> = {}) =>
  new Response(null, { status, headers });

describe("a problem", () => {
  it("uses the server's message", () => {
    const body = {
      type: "about:blank",
      title: "Conflict",
      status: 409,
      detail: "It is set up already.",
    };
    expect(problemFrom(answerWith(409), body)).toMatchObject({
      status: 409,
      message: "It is set up already.",
    });
  });

  it("keeps the errors of fields", () => {
    const body = {
      title: "Unprocessable",
      errors: { name: ["can't be blank.", "is needed."], x: [] },
    };
    expect(problemFrom(answerWith(422), body).fields).toEqual({
      name: "can't be blank. is needed.",
    });
  });

  it.each([[undefined], [null], ["<html>"], [{ detail: 7, errors: "no" }]])(
    "has a default message when the body is %j",
    (body) => {
      const problem = problemFrom(answerWith(502), body);
      expect(problem.message).toMatch(/Campfire has a problem/);
      expect(problem.fields).toEqual({});
    },
  );

  it("reads Retry-After", () => {
    expect(problemFrom(answerWith(429, { "Retry-After": "40" }), {})).toMatchObject({
      retryAfter: 40,
      message: expect.stringContaining("in 40 seconds"),
    });
    expect(problemFrom(answerWith(429, { "Retry-After": "150" }), {}).message).toContain(
      "in 3 minutes",
    );
    const date = new Date(Date.now() + 60_000).toUTCString();
    expect(problemFrom(answerWith(503, { "Retry-After": date }), {}).retryAfter).toBeGreaterThan(
      50,
    );
    expect(problemFrom(answerWith(503, { "Retry-After": "soon" }), {}).retryAfter).toBeNull();
  });
});

it("is transient for temporary errors only", () => {
  const results = [408, 429, 500, 503].map((status) => isTransient(new Problem(status, "")));
  expect(results).toEqual([true, true, true, true]);
  expect(
    [400, 401, 403, 404, 409, 422].some((status) => isTransient(new Problem(status, ""))),
  ).toBe(false);
  expect(isTransient(new Unreachable())).toBe(true);
  expect(isTransient(new TypeError("an unexpected error"))).toBe(false);
});

it("is not shown to the user", () => {
  expect(errorMessage(new TypeError("x is undefined"))).toBe(strings.problems.unexpected);
});
