import { expect, it } from "vitest";
import type { AuditEntry } from "../api/types";
import { aUser } from "../testing/builders";
import { auditSentence } from "./sentence";

const entry = (given: Partial<AuditEntry>): AuditEntry => ({
  id: 1,
  action: "user.banned",
  actor: aUser({ name: "Ada" }),
  subject: { type: "User", id: 2, name: "Bo" },
  detail: "",
  ip_address: null,
  created_at: "2026-01-31T12:00:00.000Z",
  ...given,
});

it("names actor, action and subject", () => {
  expect(auditSentence(entry({}))).toBe("Ada banned Bo");
  expect(auditSentence(entry({ action: "account.renamed", subject: null }))).toBe(
    "Ada renamed the account",
  );
});

it("names the server when there is no actor, and has a fallback for missing names", () => {
  expect(auditSentence(entry({ actor: null, subject: null }))).toBe("Campfire banned someone");
});

it("shows unknown actions unchanged", () => {
  expect(auditSentence(entry({ action: "robot.danced" }))).toBe("Ada: robot.danced – Bo");
});
