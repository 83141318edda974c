import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { MemoryRouter } from "react-router";
import { expect, it } from "vitest";
import { strings } from "../strings";
import { minutesAfterNoon } from "../testing/builders";
import { setUpPage } from "../testing/page";
import { ToastProvider } from "../ui/toasts";
import type { Delivery } from "./api";
import { DeliveryItem, summaryOf } from "./delivery-item";

const aDelivery = (given: Partial<Delivery>): Delivery => ({
  id: 1,
  webhook_id: "msg_1",
  message_id: 4,
  room_id: 1,
  url_host: "bots.example.com",
  state: "done",
  reply: null,
  attempts: [],
  created_at: minutesAfterNoon(0),
  ...given,
});
const attempt = { at: minutesAfterNoon(1), duration_ms: 240 };

it("shows the host and the outcome of the last attempt", () => {
  const attempts = [
    { ...attempt, status: null, outcome: "timed out", duration_ms: 7_000 },
    { ...attempt, status: 200, outcome: "taken" },
  ];
  expect(summaryOf(aDelivery({ attempts, reply: "posted" }))).toBe(
    "bots.example.com · 200, taken, 240 ms · its reply was posted",
  );
});

it("does not repeat a status that the outcome includes", () => {
  const attempts = [{ ...attempt, status: 500, outcome: "refused with 500", duration_ms: 1_540 }];
  expect(summaryOf(aDelivery({ attempts }))).toBe("bots.example.com · refused with 500, 1.5 s");
  expect(summaryOf(aDelivery({}))).toBe("bots.example.com");
});

const { show, button } = setUpPage();

function showAll(...deliveries: Delivery[]) {
  return show(
    <QueryClientProvider client={new QueryClient()}>
      <MemoryRouter>
        <ToastProvider>
          {deliveries.map((delivery) => (
            <DeliveryItem key={delivery.id} botId={1} delivery={delivery} roomName="Designers" />
          ))}
        </ToastProvider>
      </MemoryRouter>
    </QueryClientProvider>,
  );
}

it("labels each resend button with its delivery", () => {
  const page = showAll(
    aDelivery({ id: 1 }),
    aDelivery({ id: 2, created_at: minutesAfterNoon(5) }),
    aDelivery({ id: 3, message_id: null }),
  );
  const names = [...page.querySelectorAll("button")].map(
    (one) => one.getAttribute("aria-label") ?? "",
  );
  expect(new Set(names).size).toBe(3);
  expect(names[0]).toContain("Send again: Message in Designers");
  expect(names[2]).toContain(strings.bots.testDelivery);
});

it("keeps the focus in the delivery when it is waiting again", () => {
  const page = showAll(aDelivery({}));
  button(strings.bots.resend).focus();
  showAll(aDelivery({ state: "waiting" }));
  expect(document.activeElement).toBe(page.querySelector("summary"));
});
