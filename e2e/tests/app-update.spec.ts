// A new version of the app is released while the old one is open.
import { createServer, request } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect } from '@playwright/test';
import type { Server } from '../server';
import { test } from './fixtures';
import { composer, expectMessages, sendMessage } from './helpers';
import { waitForServiceWorker } from './push-device';

interface UpdatableProxy {
  url: string;
  /** Changes the service worker; `other` also changes the app's entry script. */
  update: (page: 'same' | 'other') => void;
  close: () => void;
}

/** A proxy in front of the server that can change the service worker, as a new release would. */
async function startUpdatableProxy(server: Server): Promise<UpdatableProxy> {
  let entry = '';
  let suffix = '';
  const proxy = createServer((incoming, outgoing) => {
    const { method, url } = incoming;
    // Always fetch the whole worker uncompressed, so that it can be changed.
    const { 'if-none-match': _etag, ...headers } = incoming.headers;
    const passed = request(
      { port: server.port, method, path: url, headers: { ...headers, 'accept-encoding': 'identity' } },
      (response) => {
        const { 'content-length': _length, ...rest } = response.headers;
        if (url !== '/service-worker.js') {
          outgoing.writeHead(response.statusCode ?? 502, response.headers);
          response.pipe(outgoing);
          return;
        }
        outgoing.writeHead(response.statusCode ?? 502, rest);
        text(response).then((source) => {
          const patched = entry ? source.replace(/entry:"[^"]+"/g, `entry:"${entry}"`) : source;
          outgoing.end(patched + suffix);
        });
      },
    );
    passed.on('error', () => outgoing.destroy());
    incoming.pipe(passed);
  });
  proxy.on('upgrade', ({ url, rawHeaders }, socket) => {
    const passed = connect(server.port, '127.0.0.1', () => {
      const lines = [];
      for (let at = 0; at < rawHeaders.length; at += 2) lines.push(`${rawHeaders[at]}: ${rawHeaders[at + 1]}`);
      passed.write(`GET ${url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
      passed.pipe(socket).pipe(passed);
    });
    passed.on('error', () => socket.destroy());
    socket.on('error', () => passed.destroy());
  });
  await new Promise<void>((listening) => proxy.listen(0, '127.0.0.1', listening));
  const { port } = proxy.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    update: (page) => {
      suffix += '\n// newer';
      if (page === 'other') entry = 'assets/index-of-tomorrow.js';
    },
    close: () => {
      proxy.closeAllConnections();
      proxy.close();
    },
  };
}

test('a new version is offered and loads only when the user asks for it', async ({ openPage, signIn, server }) => {
  const proxy = await startUpdatableProxy(server);
  const page = await openPage();
  await signIn(page.context(), proxy.url);
  await page.goto(`${proxy.url}/rooms/1`);
  await waitForServiceWorker(page);
  await sendMessage(page, 'before');
  await expectMessages(page, ['before']);
  await composer(page).fill('half a sentence');
  const offer = page.getByText('A new version of Campfire is available.');
  // A new worker for the same page takes over silently.
  proxy.update('same');
  await page.evaluate(async () => {
    const controlled = new Promise((done) => navigator.serviceWorker.addEventListener('controllerchange', done));
    await (await navigator.serviceWorker.ready).update();
    await controlled;
  });
  await expect(offer).toHaveCount(0);
  proxy.update('other');
  await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
  await expect(offer).toBeVisible();
  // The page does not reload by itself and loses no draft.
  await expect(composer(page)).toHaveText('half a sentence');
  const loaded = page.waitForEvent('load');
  await page.getByRole('button', { name: 'Load it' }).click();
  await loaded;
  await expect(composer(page)).toHaveText('half a sentence');
  await expect(offer).toHaveCount(0);
  expect(await page.evaluate(async () => (await navigator.serviceWorker.ready).waiting)).toBeNull();
  await page.context().close();
  proxy.close();
});
