// What the server says about bots and what it takes, in one place.
import { answer, api } from "../api/client";
import { answerPage } from "../api/paged";
import type { User } from "../api/types";

export type DeliveryState = "waiting" | "done" | "failed";

/** A bot as administrators see it. */
export interface Bot extends User {
  /** `NUMBER-TOKEN`: whoever has it speaks as this bot. */
  key: string;
  webhook_url: string | null;
  /** What calls of the webhook are signed with; there is one as soon as there is an address. */
  webhook_secret: string | null;
  /** Whether the webhook hears of every message in the bot's rooms. */
  subscribe_all: boolean;
  last_delivery: { id: number; state: DeliveryState; at: string } | null;
}

export interface BotDraft {
  name: string;
  webhook_url: string | null;
  subscribe_all: boolean;
}

export interface Attempt {
  at: string;
  /** Null when nothing was answered. */
  status: number | null;
  /** How it ended, in words. */
  outcome: string;
  duration_ms: number;
}

/** Something that a bot's webhook was to be told. */
export interface Delivery {
  id: number;
  /** What the receiver knows it by, the same at every attempt. */
  webhook_id: string;
  /** Null for a test. */
  message_id: number | null;
  room_id: number | null;
  url_host: string;
  state: DeliveryState;
  reply: "posted" | "ignored" | null;
  /** Oldest first. */
  attempts: Attempt[];
  created_at: string;
}

interface Asked {
  params?: { path?: Record<string, number>; query?: Record<string, string | number> };
  body?: unknown;
  signal?: AbortSignal;
}
type Send = <Data>(
  url: string,
  asked: Asked,
) => Promise<{ data?: Data; error?: unknown; response: Response }>;

/** The client, for addresses that the generated types do not know. */
const server = api as unknown as Record<"GET" | "POST" | "PATCH" | "DELETE", Send>;

const all = "/api/v1/bots";
const one = "/api/v1/bots/{bot_id}";

/** The active bots, by name. */
export function listBots(signal: AbortSignal): Promise<Bot[]> {
  return answer(server.GET<Bot[]>(all, { signal }));
}

export function createBot(draft: BotDraft): Promise<Bot> {
  return answer(server.POST<Bot>(all, { body: draft }));
}

export function changeBot(id: number, change: Partial<BotDraft>): Promise<Bot> {
  return answer(server.PATCH<Bot>(one, { ...at(id), body: change }));
}

export async function removeBot(id: number): Promise<void> {
  await answer(server.DELETE(one, at(id)));
}

export function resetKey(id: number): Promise<Bot> {
  return answer(server.POST<Bot>(`${one}/key`, at(id)));
}

export function resetSecret(id: number): Promise<Bot> {
  return answer(server.POST<Bot>(`${one}/webhook_secret`, at(id)));
}

/** Sends the webhook something to try it out. */
export async function sendTest(id: number): Promise<void> {
  await answer(server.POST(`${one}/test`, at(id)));
}

/** A part of what the webhook was sent, the newest first. */
export function listDeliveries(
  id: number,
  query: Record<string, string | number>,
  signal: AbortSignal,
) {
  const params = { path: { bot_id: id }, query };
  return answerPage(server.GET<Delivery[]>(`${one}/deliveries`, { params, signal }));
}

/** Sends the same once more. */
export function resend(id: number, deliveryId: number): Promise<Delivery> {
  const params = { path: { bot_id: id, delivery_id: deliveryId } };
  return answer(server.POST<Delivery>(`${one}/deliveries/{delivery_id}/resend`, { params }));
}

function at(id: number): Asked {
  return { params: { path: { bot_id: id } } };
}
