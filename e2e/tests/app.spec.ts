// Campfire as an app: it can be installed, opens without a network, and notifies.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type BrowserContext, type CDPSession, chromium, expect, type Page, type Worker } from '@playwright/test';
import { Server } from '../server';
import { open, say, shows } from './people';
import { test } from './test';

/** What the server pushes, as its own tests know it. */
const payload = join(import.meta.dirname, '../../crates/campfire/tests/fixtures/notification.json');

let server: Server;
let cookie: string;
let faults: string[];

test.beforeEach(async () => {
  server = await Server.start();
  cookie = await server.firstRun();
  faults = [];
});

test.afterEach(async () => {
  await server.remove();
  expect(faults).toEqual([]);
});

async function signIn(context: BrowserContext): Promise<void> {
  const [name = '', ...value] = cookie.split('=');
  await context.addCookies([{ name, value: value.join('='), url: server.url }]);
}

/** Ada's page, with everything on the device that the app needs. */
async function atHome(context: BrowserContext, path = '/rooms/1'): Promise<Page> {
  await signIn(context);
  const page = await open(context, faults);
  await page.goto(server.url + path);
  await expect(page.getByRole('heading').first()).toBeVisible();
  await ready(page);
  return page;
}

/** Waits until the worker has kept everything and controls the page. */
async function ready(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const { active } = await navigator.serviceWorker.ready;
    if (active?.state !== 'activated')
      await new Promise((done) =>
        active?.addEventListener('statechange', () => active.state === 'activated' && done(null)),
      );
    if (!navigator.serviceWorker.controller)
      await new Promise((done) => navigator.serviceWorker.addEventListener('controllerchange', done));
  });
}

/** What this person's device keeps, by name. */
const kept = (page: Page) =>
  page.evaluate(async () => {
    // Opening what is not there would make it, and be in the app's way.
    const known = await indexedDB.databases();
    if (!known.some(({ name }) => name === 'campfire-offline')) return [];
    return new Promise<string[]>((resolve, reject) => {
      const opening = indexedDB.open('campfire-offline');
      opening.onerror = () => reject(opening.error);
      opening.onsuccess = () => {
        const reading = opening.result.transaction('answers').objectStore('answers').getAllKeys();
        reading.onsuccess = () => {
          opening.result.close();
          resolve(reading.result.map(String));
        };
      };
    });
  });

async function createRoom(name: string): Promise<number> {
  const response = await fetch(`${server.url}/api/v1/rooms`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie, origin: server.url },
    body: JSON.stringify({ type: 'closed', name }),
  });
  return ((await response.json()) as { id: number }).id;
}

test('it can be installed', async ({ launchOptions }) => {
  // Private windows, which tests usually have, install nothing.
  const profile = await mkdtemp(join(tmpdir(), 'campfire-browser-'));
  const args = [...(launchOptions.args ?? []), '--bypass-app-banner-engagement-checks'];
  const context = await chromium.launchPersistentContext(profile, { ...launchOptions, args });
  const page = await atHome(context);
  const cdp = await page.context().newCDPSession(page);
  const { data = '', errors } = await cdp.send('Page.getAppManifest');
  expect(errors).toEqual([]);
  const manifest = JSON.parse(data);
  expect(manifest).toMatchObject({ name: 'Campfire', display: 'standalone', start_url: '/', scope: '/' });
  const { installabilityErrors } = await cdp.send('Page.getInstallabilityErrors');
  expect(installabilityErrors).toEqual([]);
  const images = [
    ...manifest.icons,
    ...manifest.screenshots,
    ...manifest.shortcuts.flatMap((shortcut: { icons: object[] }) => shortcut.icons),
  ];
  for (const { src, sizes } of images as { src: string; sizes: string }[]) {
    const size = await page.evaluate(async (src) => {
      const image = new Image();
      image.src = src;
      await image.decode();
      return `${image.naturalWidth}x${image.naturalHeight}`;
    }, src);
    expect(size, src).toBe(sizes);
  }
  for (const { url } of manifest.shortcuts as { url: string }[]) {
    await page.goto(server.url + url);
    await expect(page.getByRole('heading').first()).toBeVisible();
    await expect(page.getByRole('heading', { name: /can’t find/ })).toHaveCount(0);
  }
  // The browser offers it, and so do we.
  await expect(page.getByRole('button', { name: 'Install now' })).toBeVisible();
  await context.close();
  await rm(profile, { recursive: true, force: true });
});

test('the worker is never kept for long, at both of its addresses', async ({ request: ask }) => {
  for (const path of ['/service-worker.js', '/service-worker']) {
    const answer = await ask.get(server.url + path);
    expect(answer.status()).toBe(200);
    expect(answer.headers()['content-type']).toContain('javascript');
    expect(answer.headers()['cache-control']).toBe('no-cache');
    const known = { 'if-none-match': answer.headers().etag ?? '' };
    expect((await ask.get(server.url + path, { headers: known })).status()).toBe(304);
  }
});

test('without a network it opens, shows what was read, and keeps what is written', async ({ browser }) => {
  const second = await createRoom('Designers');
  const never = await createRoom('Unvisited');
  await server.post(cookie, 'in the first room');
  await server.post(cookie, 'in the second room', second);
  const context = await browser.newContext();
  const page = await atHome(context);
  await shows(page, ['in the first room']);
  await page.getByRole('link', { name: 'Designers' }).click();
  await shows(page, ['in the second room']);
  await expect
    .poll(() => kept(page))
    .toEqual(expect.arrayContaining([`1,messages/${second}`, '1,messages/1', '1,status', '1,me', '1,rooms']));

  await context.setOffline(true);
  await server.down('SIGKILL');
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Designers', exact: true })).toBeVisible();
  await shows(page, ['in the second room']);
  await expect(page.getByText(/You are offline. This is what was here/)).toBeVisible();
  await page.getByRole('link', { name: 'All Talk' }).click();
  await shows(page, ['in the first room']);
  await page.getByRole('link', { name: 'Unvisited' }).click();
  await expect(page.getByRole('heading', { name: 'This isn’t on this device' })).toBeVisible();
  await page.getByRole('link', { name: 'All Talk' }).click();
  await say(page, 'written in a tunnel');
  await expect(page.locator('.message--pending')).toHaveCount(1);
  await page.reload();
  await expect(page.locator('.message--pending')).toHaveText(/written in a tunnel/);
  // A fresh window finds the way in, too.
  const other = await open(context, faults);
  await other.goto(`${server.url}/rooms/${second}`);
  await shows(other, ['in the second room']);
  await other.close();

  await server.up();
  await context.setOffline(false);
  await shows(page, ['in the first room', 'written in a tunnel']);
  await expect(page.getByText('You are offline')).toHaveCount(0);
  expect(await server.texts(cookie)).toEqual(['in the first room', 'written in a tunnel']);
  // The page is live again, not only loaded.
  await server.post(cookie, 'welcome back');
  await shows(page, ['in the first room', 'written in a tunnel', 'welcome back']);
  expect(never).toBeGreaterThan(second);
});

test('who signs out leaves nothing on the device', async ({ browser }) => {
  await server.post(cookie, 'for my eyes only');
  const context = await browser.newContext();
  const page = await atHome(context);
  await shows(page, ['for my eyes only']);
  await expect.poll(() => kept(page)).toEqual(expect.arrayContaining(['1,messages/1', '1,rooms']));
  await page.evaluate(() => fetch('/account/logo'));
  await expect.poll(() => page.evaluate(() => caches.keys())).toContain('campfire-pictures');
  await page.goto(`${server.url}/users/me/profile`);
  // The page is loaded anew at the end, so that nothing stays in memory either.
  const loaded = page.waitForEvent('load');
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await loaded;
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
  expect(await kept(page)).toEqual([]);
  expect(await page.evaluate(() => caches.keys())).not.toContain('campfire-pictures');
  // Nor has the worker put aside anything that the interface answered.
  const answers = await page.evaluate(async () => {
    const caches_ = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
    const requests = await Promise.all(caches_.map((cache) => cache.keys()));
    return requests.flat().map(({ url }) => new URL(url).pathname);
  });
  expect(answers.filter((path) => path.startsWith('/api') || path.startsWith('/users'))).toEqual([]);
  await context.setOffline(true);
  await server.down('SIGKILL');
  await page.goto(`${server.url}/rooms/1`);
  await expect(page.getByRole('heading', { name: 'Campfire doesn’t answer' })).toBeVisible();
  await expect(page.getByText('for my eyes only')).toHaveCount(0);
});

test('nothing breaks where the browser keeps nothing', async ({ browser }) => {
  const context = await browser.newContext();
  await context.addInitScript(() => {
    const broken = () => {
      throw new DOMException('denied', 'SecurityError');
    };
    Object.defineProperty(globalThis, 'indexedDB', { get: broken });
    Object.defineProperty(globalThis, 'localStorage', { get: broken });
    Object.defineProperty(globalThis, 'caches', { get: broken });
  });
  await signIn(context);
  const page = await open(context, faults);
  await page.goto(`${server.url}/rooms/1`);
  await say(page, 'here all the same');
  await shows(page, ['here all the same']);
  await page.goto(`${server.url}/users/me/profile`);
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
});

test('a worker that finds its storage broken keeps nobody out', async ({ browser }) => {
  const page = await atHome(await browser.newContext());
  await workerOf(page).evaluate(() => {
    const broken = () => Promise.reject(new DOMException('broken', 'UnknownError'));
    Object.assign(CacheStorage.prototype, { match: broken, open: broken, keys: broken, delete: broken });
  });
  await page.reload();
  await say(page, 'here all the same');
  await shows(page, ['here all the same']);
});

/** Hands pushes to the worker as a push service would. */
async function pushes(page: Page): Promise<(text: string) => Promise<void>> {
  const cdp: CDPSession = await page.context().newCDPSession(page);
  const registered = new Promise<string>((resolve) => {
    cdp.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const [found] = registrations;
      if (found) resolve(found.registrationId);
    });
  });
  await cdp.send('ServiceWorker.enable');
  const registrationId = await registered;
  return async (data) => {
    await cdp.send('ServiceWorker.deliverPushMessage', { origin: server.url, registrationId, data });
  };
}

function workerOf(page: Page): Worker {
  const [worker] = page.context().serviceWorkers();
  if (!worker) throw new Error('there is no worker');
  return worker;
}

const shown = (page: Page) =>
  page.evaluate(async () => {
    const found = await (await navigator.serviceWorker.ready).getNotifications();
    return found.map(({ title, body, icon, tag, data }) => ({
      title,
      body,
      icon: icon && new URL(icon).pathname,
      tag,
      path: data.path as string,
    }));
  });

/** What a press on the notification tells the worker. */
async function press(page: Page, tag: string): Promise<void> {
  await workerOf(page).evaluate(async (tag) => {
    const scope = globalThis as unknown as {
      registration: ServiceWorkerRegistration;
      dispatchEvent(event: Event): boolean;
      NotificationEvent: new (type: string, init: { notification: Notification }) => Event;
    };
    const [notification] = await scope.registration.getNotifications({ tag });
    if (!notification) throw new Error(`no notification ${tag}`);
    scope.dispatchEvent(new scope.NotificationEvent('notificationclick', { notification }));
  }, tag);
}

test('a push becomes a notification, which leads to its room without loading the page anew', async ({ browser }) => {
  while ((await createRoom('Designers')) < 3);
  const context = await browser.newContext({ permissions: ['notifications'] });
  const page = await atHome(context);
  const push = await pushes(page);
  const message = await readFile(payload, 'utf8');
  await push(message);
  const first = {
    title: 'Designers',
    body: 'Ada Lovelace: Hello there',
    icon: '/account/logo',
    tag: 'campfire:/rooms/3',
    path: '/rooms/3',
  };
  await expect.poll(() => shown(page)).toEqual([first]);
  await push(message.replace('Hello there', 'Are you there?'));
  await expect
    .poll(() => shown(page))
    .toEqual([{ ...first, title: 'Designers (2)', body: 'Ada Lovelace: Are you there?' }]);

  await page.evaluate(() => {
    (window as { same?: boolean }).same = true;
  });
  await press(page, 'campfire:/rooms/3');
  await expect(page).toHaveURL(`${server.url}/rooms/3`);
  await expect(page.getByRole('heading', { name: 'Designers', exact: true })).toBeVisible();
  expect(await page.evaluate(() => (window as { same?: boolean }).same)).toBe(true);
  await expect.poll(() => shown(page)).toEqual([]);
});

test('what is pushed cannot lead away, and something is always shown', async ({ browser }) => {
  const page = await atHome(await browser.newContext({ permissions: ['notifications'] }));
  const push = await pushes(page);
  await push(
    JSON.stringify({
      title: 'Away',
      options: { body: 'x', icon: 'https://example.com/x.png', data: { path: 'https://example.com/' } },
    }),
  );
  await expect
    .poll(() => shown(page))
    .toEqual([{ title: 'Away', body: 'x', icon: '/account/logo', tag: 'campfire:/', path: '/' }]);
  await push('no JSON');
  await expect.poll(async () => (await shown(page))[0]?.body).toBe('There is something new.');
});

/** A browser whose push service is out of reach here: it gives a subscription as it would. */
async function withPushService(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const endpoint = 'https://push.example.com/device-of-ada';
    const keys = {
      p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
      auth: 'BTBZMqHH6r4Tts7J_aSIgg',
    };
    const store = 'test-subscription';
    const made = (key: string) => ({
      endpoint,
      options: { applicationServerKey: Uint8Array.from(JSON.parse(key) as number[]).buffer },
      toJSON: () => ({ endpoint, keys }),
      unsubscribe: async () => {
        sessionStorage.removeItem(store);
        return true;
      },
    });
    const service = PushManager.prototype as unknown as Record<string, unknown>;
    service.getSubscription = async () => {
      const key = sessionStorage.getItem(store);
      return key ? made(key) : null;
    };
    service.subscribe = async ({ applicationServerKey }: { applicationServerKey: Uint8Array }) => {
      const key = JSON.stringify([...applicationServerKey]);
      sessionStorage.setItem(store, key);
      return made(key);
    };
  });
}

const subscriptions = async () => {
  const response = await fetch(`${server.url}/api/v1/push_subscriptions`, { headers: { cookie } });
  return (await response.json()) as { id: number; endpoint_host: string }[];
};

test('notifications are turned on by a click, tried, and turned off', async ({ browser }) => {
  const context = await browser.newContext({ permissions: ['notifications'] });
  await withPushService(context);
  const page = await atHome(context, '/users/me/profile');
  const panel = page.getByRole('region', { name: 'Notifications', exact: true });
  await expect(panel).toContainText('This device doesn’t notify you.');
  expect(await subscriptions()).toEqual([]);
  await panel.getByRole('button', { name: 'Turn on notifications' }).click();
  await expect(panel).toContainText('This device notifies you.');
  await expect(panel.getByRole('listitem')).toContainText(['This device · through push.example.com']);
  expect(await subscriptions()).toMatchObject([{ endpoint_host: 'push.example.com' }]);
  await panel.getByRole('button', { name: /Send a test notification/ }).click();
  await expect(page.getByText('A test notification is on its way.')).toBeVisible();
  await page.reload();
  await expect(panel).toContainText('This device notifies you.');
  await panel.getByRole('button', { name: 'Turn off' }).click();
  await expect(panel).toContainText('This device doesn’t notify you.');
  await expect(panel.getByRole('listitem')).toHaveCount(0);
  expect(await subscriptions()).toEqual([]);
});

test('a device that was removed elsewhere falls silent, and signing out ends notifications', async ({ browser }) => {
  const context = await browser.newContext({ permissions: ['notifications'] });
  await withPushService(context);
  const page = await atHome(context);
  const bell = page.getByRole('button', { name: /Notifications for this room/ });
  await expect(bell).toHaveClass(/icon-button--calling/);
  const turnOn = async () => {
    await bell.click();
    await page.getByRole('menuitem', { name: 'Turn on notifications on this device' }).click();
    await expect.poll(async () => (await subscriptions()).length).toBe(1);
  };
  await turnOn();
  await expect(bell).not.toHaveClass(/icon-button--calling/);
  const [device] = await subscriptions();
  await fetch(`${server.url}/api/v1/push_subscriptions/${device?.id}`, {
    method: 'DELETE',
    headers: { cookie, origin: server.url },
  });
  await page.reload();
  await expect.poll(() => page.evaluate(() => sessionStorage.getItem('test-subscription'))).toBeNull();
  expect(await subscriptions()).toEqual([]);

  await turnOn();
  await page.goto(`${server.url}/users/me/profile`);
  const told = page.waitForRequest(
    (request) => request.method() === 'DELETE' && request.url().endsWith('/api/v1/session'),
  );
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  expect((await told).postDataJSON()).toEqual({ push_endpoint: 'https://push.example.com/device-of-ada' });
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
  // The page loads anew to forget who was there; what asks it in between is asked again.
  const left = () => page.evaluate(() => sessionStorage.getItem('test-subscription')).catch(() => 'loading');
  await expect.poll(left).toBeNull();
});

test('who said no is told where to change that', async ({ browser }) => {
  const context = await browser.newContext();
  await context.addInitScript(() => {
    Object.defineProperty(Notification, 'permission', { get: () => 'denied' });
  });
  const page = await atHome(context, '/users/me/profile');
  const panel = page.getByRole('region', { name: 'Notifications', exact: true });
  await expect(panel).toContainText('This browser doesn’t let Campfire notify you.');
  await expect(panel.getByText('Set “Notifications” to “Allow”.')).toBeVisible();
  await expect(panel.getByRole('button', { name: 'Turn on notifications' })).toHaveCount(0);
  await page.goto(`${server.url}/rooms/1`);
  await page.getByRole('button', { name: /Notifications for this room/ }).click();
  await page.getByRole('menuitem', { name: 'Why you aren’t notified here' }).click();
  await expect(page.getByRole('dialog', { name: 'Notifications aren’t allowed' })).toContainText('left of the address');
});

/** The server at another address, where its worker can be another one from one day to the next. */
async function updatable(): Promise<{ url: string; update: (page: 'same' | 'other') => void; close: () => void }> {
  let entry = '';
  let addition = '';
  const proxy = createServer((asked, answer) => {
    const { method, url } = asked;
    // Always the whole worker, plain: it is changed on its way.
    const { 'if-none-match': _known, ...headers } = asked.headers;
    const passed = request(
      { port: server.port, method, path: url, headers: { ...headers, 'accept-encoding': 'identity' } },
      (response) => {
        const { 'content-length': _length, ...rest } = response.headers;
        if (url !== '/service-worker.js') {
          answer.writeHead(response.statusCode ?? 502, response.headers);
          response.pipe(answer);
          return;
        }
        answer.writeHead(response.statusCode ?? 502, rest);
        text(response).then((source) => {
          const newer = entry ? source.replace(/entry:"[^"]+"/g, `entry:"${entry}"`) : source;
          answer.end(newer + addition);
        });
      },
    );
    passed.on('error', () => answer.destroy());
    asked.pipe(passed);
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
      addition += '\n// newer';
      if (page === 'other') entry = 'assets/index-of-tomorrow.js';
    },
    close: () => {
      proxy.closeAllConnections();
      proxy.close();
    },
  };
}

test('a new version is offered, and taken when its reader wants it', async ({ browser }) => {
  const proxy = await updatable();
  const context = await browser.newContext();
  const [name = '', ...value] = cookie.split('=');
  await context.addCookies([{ name, value: value.join('='), url: proxy.url }]);
  const page = await open(context, faults);
  await page.goto(`${proxy.url}/rooms/1`);
  await ready(page);
  await say(page, 'before');
  await shows(page, ['before']);
  await page.getByLabel('Write a message').fill('half a sentence');
  const offer = page.getByText('A new version of Campfire is there.');
  // Another worker for the same page takes over without a word.
  proxy.update('same');
  await page.evaluate(async () => {
    const taken = new Promise((done) => navigator.serviceWorker.addEventListener('controllerchange', done));
    await (await navigator.serviceWorker.ready).update();
    await taken;
  });
  await expect(offer).toHaveCount(0);
  proxy.update('other');
  await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
  await expect(offer).toBeVisible();
  // Nothing happens by itself: somebody is writing.
  await expect(page.getByLabel('Write a message')).toHaveText('half a sentence');
  const loaded = page.waitForEvent('load');
  await page.getByRole('button', { name: 'Load it' }).click();
  await loaded;
  await expect(page.getByLabel('Write a message')).toHaveText('half a sentence');
  await expect(offer).toHaveCount(0);
  expect(await page.evaluate(async () => (await navigator.serviceWorker.ready).waiting)).toBeNull();
  await context.close();
  proxy.close();
});
