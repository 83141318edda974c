import { expect, it } from "vitest";
import { minute } from "../testing/builders";
import type { Delivery } from "./api";
import { summaryOf } from "./delivery-item";

const aDelivery = (given: Partial<Delivery>): Delivery => ({
  id: 1,
  webhook_id: "msg_1",
  message_id: 4,
  room_id: 1,
  url_host: "bots.example.com",
  state: "done",
  reply: null,
  attempts: [],
  created_at: minute(0),
  ...given,
});
const attempt = { at: minute(1), duration_ms: 240 };

it("says where it went and how the last attempt ended", () => {
  const attempts = [
    { ...attempt, status: null, outcome: "timed out", duration_ms: 7_000 },
    { ...attempt, status: 200, outcome: "taken" },
  ];
  expect(summaryOf(aDelivery({ attempts, reply: "posted" }))).toBe(
    "bots.example.com · 200, taken, 240 ms · its answer was posted",
  );
});

it("does not repeat a status that the words name already", () => {
  const attempts = [{ ...attempt, status: 500, outcome: "refused with 500", duration_ms: 1_540 }];
  expect(summaryOf(aDelivery({ attempts }))).toBe("bots.example.com · refused with 500, 1.5 s");
  expect(summaryOf(aDelivery({}))).toBe("bots.example.com");
});
