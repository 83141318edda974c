import { expect, it } from "vitest";
import { base64url } from "./base64url";

it("uses only characters that are safe in a URL", () => {
  expect(base64url("https://chat.example/join/a?b>c~ÿ")).toBe(
    "aHR0cHM6Ly9jaGF0LmV4YW1wbGUvam9pbi9hP2I-Y37Dvw==",
  );
  expect(base64url("???>>>")).toBe("Pz8_Pj4-");
});
