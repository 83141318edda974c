// API requests for bots.
import { api, unwrap } from "../api/client";
import { unwrapPage } from "../api/pagination";
import type { components } from "../api/schema";

type Schemas = components["schemas"];

/** A bot as visible to administrators. */
export type Bot = Schemas["Bot"];
export type BotDraft = Required<Schemas["BotForm"]>;
/** A webhook delivery. */
export type Delivery = Schemas["DeliveryView"];
export type Attempt = Schemas["AttemptView"];
export type DeliveryState = Delivery["state"];

/** The active bots, by name. */
export function listBots(signal: AbortSignal): Promise<Bot[]> {
  return unwrap(api.GET("/api/v1/bots", { signal }));
}

export function createBot(draft: BotDraft): Promise<Bot> {
  return unwrap(api.POST("/api/v1/bots", { body: draft }));
}

export function changeBot(id: number, change: Partial<BotDraft>): Promise<Bot> {
  return unwrap(api.PATCH("/api/v1/bots/{bot_id}", { ...botPath(id), body: change }));
}

export async function removeBot(id: number): Promise<void> {
  await unwrap(api.DELETE("/api/v1/bots/{bot_id}", botPath(id)));
}

export function resetKey(id: number): Promise<Bot> {
  return unwrap(api.POST("/api/v1/bots/{bot_id}/key", botPath(id)));
}

export function resetSecret(id: number): Promise<Bot> {
  return unwrap(api.POST("/api/v1/bots/{bot_id}/webhook_secret", botPath(id)));
}

/** Sends a test delivery. */
export async function sendTest(id: number): Promise<void> {
  await unwrap(api.POST("/api/v1/bots/{bot_id}/test", botPath(id)));
}

/** A page of the bot's webhook deliveries, newest first. */
export function listDeliveries(id: number, query: { limit: number }, signal: AbortSignal) {
  const params = { path: { bot_id: id }, query };
  return unwrapPage<Delivery>(api.GET("/api/v1/bots/{bot_id}/deliveries", { params, signal }));
}

/** Sends a delivery again. */
export function resend(id: number, deliveryId: number): Promise<Delivery> {
  const params = { path: { bot_id: id, delivery_id: deliveryId } };
  return unwrap(api.POST("/api/v1/bots/{bot_id}/deliveries/{delivery_id}/resend", { params }));
}

function botPath(id: number) {
  return { params: { path: { bot_id: id } } };
}
