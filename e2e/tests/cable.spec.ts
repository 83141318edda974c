// Conformance with unmodified published clients: they connect, subscribe, receive, reconnect after a restart and resume.
import { Channel, createCable } from '@anycable/core';
import { expect } from '@playwright/test';
import * as ActionCable from '@rails/actioncable';
import WebSocket from 'ws';
import type { Server } from '../server';
import { test } from './fixtures';

/** A WebSocket class that sends the session cookie and the origin, as a signed-in browser does. */
function authenticatedWebSocket(server: Server, cookie: string) {
  return class extends WebSocket {
    constructor(url: string, protocols?: string | string[]) {
      super(url, protocols, { headers: { cookie, origin: server.url } });
    }
  };
}

test('@rails/actioncable receives messages and reconnects after a restart', async ({ server, cookie }) => {
  // The client expects browser globals.
  Object.assign(globalThis, { addEventListener: () => {}, removeEventListener: () => {} });
  Object.assign(globalThis, { document: { visibilityState: 'visible' } });
  Object.assign(ActionCable.adapters, { WebSocket: authenticatedWebSocket(server, cookie) });
  const consumer = ActionCable.createConsumer(`${server.url.replace('http', 'ws')}/cable`);
  const received: string[] = [];
  let connections = 0;
  consumer.subscriptions.create(
    { channel: 'RoomMessagesChannel', room_id: 1 },
    {
      connected: () => void connections++,
      received: (event: { message: { body: { plain: string } } }) => void received.push(event.message.body.plain),
    },
  );
  await expect.poll(() => connections).toBe(1);
  await server.postMessage(cookie, 'one');
  await expect.poll(() => received).toEqual(['one']);
  await server.stop('SIGTERM');
  await server.launch();
  await expect.poll(() => connections, { timeout: 40_000 }).toBe(2);
  await server.postMessage(cookie, 'two');
  await expect.poll(() => received).toEqual(['one', 'two']);
  consumer.disconnect();
});

test('@rails/actioncable gets its subscription rejected for a room it cannot access', async ({ server, cookie }) => {
  Object.assign(ActionCable.adapters, { WebSocket: authenticatedWebSocket(server, cookie) });
  const consumer = ActionCable.createConsumer(`${server.url.replace('http', 'ws')}/cable`);
  const rejected = new Promise<void>((resolve) => {
    consumer.subscriptions.create({ channel: 'RoomMessagesChannel', room_id: 99 }, { rejected: resolve });
  });
  await rejected;
  consumer.disconnect();
});

class RoomMessages extends Channel<{ room_id: number }> {
  static override identifier = 'RoomMessagesChannel';
}

/** AnyCable's client, with the texts and info events that it receives. */
function connectAnyCable(server: Server, cookie: string) {
  const cable = createCable(`${server.url.replace('http', 'ws')}/cable`, {
    protocol: 'actioncable-v1-ext-json',
    websocketImplementation: authenticatedWebSocket(server, cookie) as unknown as typeof globalThis.WebSocket,
  });
  const channel = new RoomMessages({ room_id: 1 });
  const received: string[] = [];
  const infoEvents: string[] = [];
  const connected: (boolean | undefined)[] = [];
  channel.on('message', (event) =>
    received.push((event as { message: { body: { plain: string } } }).message.body.plain),
  );
  channel.on('info', (event) => infoEvents.push(event.type));
  channel.on('connect', (event) => connected.push(event.restored));
  cable.subscribe(channel);
  return { cable, channel, received, infoEvents, connected };
}

test('@anycable/core resumes its session and receives missed messages once and in order', async ({
  server,
  cookie,
}) => {
  const { cable, channel, received, connected } = connectAnyCable(server, cookie);
  await channel.ensureSubscribed();
  await server.postMessage(cookie, 'one');
  await expect.poll(() => received).toEqual(['one']);
  // The socket breaks without a closing handshake.
  const transport = cable as unknown as { transport: { ws: { terminate: () => void } } };
  transport.transport.ws.terminate();
  for (const text of ['two', 'three', 'four']) await server.postMessage(cookie, text);
  await expect.poll(() => received, { timeout: 40_000 }).toEqual(['one', 'two', 'three', 'four']);
  await server.postMessage(cookie, 'five');
  await expect.poll(() => received).toEqual(['one', 'two', 'three', 'four', 'five']);
  expect(connected.at(-1)).toBe(true);
  cable.disconnect();
});

test('@anycable/core gets history_not_found after a restart', async ({ server, cookie }) => {
  const { cable, channel, received, infoEvents } = connectAnyCable(server, cookie);
  await channel.ensureSubscribed();
  await server.postMessage(cookie, 'one');
  await expect.poll(() => received).toEqual(['one']);
  await server.stop('SIGKILL');
  await server.launch();
  await expect.poll(() => infoEvents.at(-1), { timeout: 40_000 }).toBe('history_not_found');
  await server.postMessage(cookie, 'two');
  await expect.poll(() => received).toEqual(['one', 'two']);
  cable.disconnect();
});
