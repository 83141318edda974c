// Campfire as an app: it can be installed, opens without a network, and leaves nothing behind.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, expect, type Page } from '@playwright/test';
import { test as base } from './fixtures';
import { expectMessages, sendMessage } from './helpers';
import { serviceWorkerOf, waitForServiceWorker } from './push-device';

/** What this person's device keeps, by name. */
const cachedQueryKeys = (page: Page) =>
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

/** Ada's page, with everything on the device that the app needs. */
const test = base.extend<{ offlineReady: Page }>({
  offlineReady: async ({ ada }, use) => {
    await waitForServiceWorker(ada);
    await use(ada);
  },
});

test('it can be installed', async ({ launchOptions, openPage, signIn }) => {
  // Private windows, which tests usually have, install nothing.
  const profile = await mkdtemp(join(tmpdir(), 'campfire-browser-'));
  const args = [...(launchOptions.args ?? []), '--bypass-app-banner-engagement-checks'];
  const context = await chromium.launchPersistentContext(profile, { ...launchOptions, args });
  const page = await openPage(context);
  await signIn(context);
  await page.goto('/rooms/1');
  await waitForServiceWorker(page);
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
    await page.goto(url);
    await expect(page.getByRole('heading').first()).toBeVisible();
    await expect(page.getByRole('heading', { name: /can’t find/ })).toHaveCount(0);
  }
  // The browser offers it, and so do we.
  await expect(page.getByRole('button', { name: 'Install now' })).toBeVisible();
  await context.close();
  await rm(profile, { recursive: true, force: true });
});

test('the worker is never kept for long, at both of its addresses', async ({ request }) => {
  for (const path of ['/service-worker.js', '/service-worker']) {
    const answer = await request.get(path);
    expect(answer.status()).toBe(200);
    expect(answer.headers()['content-type']).toContain('javascript');
    expect(answer.headers()['cache-control']).toBe('no-cache');
    const known = { 'if-none-match': answer.headers().etag ?? '' };
    expect((await request.get(path, { headers: known })).status()).toBe(304);
  }
});

test('without a network it opens, shows what was read, and keeps what is written', async ({
  offlineReady: page,
  openPage,
  server,
  cookie,
}) => {
  const second = await server.createRoom(cookie, 'Designers');
  const never = await server.createRoom(cookie, 'Unvisited');
  await server.postMessage(cookie, 'in the first room');
  await server.postMessage(cookie, 'in the second room', second);
  const context = page.context();
  await expectMessages(page, ['in the first room']);
  await page.getByRole('link', { name: 'Designers' }).click();
  await expectMessages(page, ['in the second room']);
  await expect
    .poll(() => cachedQueryKeys(page))
    .toEqual(expect.arrayContaining([`1,messages/${second}`, '1,messages/1', '1,status', '1,me', '1,rooms']));

  await context.setOffline(true);
  await server.stop('SIGKILL');
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Designers', exact: true })).toBeVisible();
  await expectMessages(page, ['in the second room']);
  await expect(page.getByText(/You are offline. This is what was here/)).toBeVisible();
  await page.getByRole('link', { name: 'All Talk' }).click();
  await expectMessages(page, ['in the first room']);
  await page.getByRole('link', { name: 'Unvisited' }).click();
  await expect(page.getByRole('heading', { name: 'This isn’t on this device' })).toBeVisible();
  await page.getByRole('link', { name: 'All Talk' }).click();
  await sendMessage(page, 'written in a tunnel');
  await expect(page.locator('.message--pending')).toHaveCount(1);
  await page.reload();
  await expect(page.locator('.message--pending')).toHaveText(/written in a tunnel/);
  // A fresh window finds the way in, too.
  const other = await openPage(context);
  await other.goto(`/rooms/${second}`);
  await expectMessages(other, ['in the second room']);
  await other.close();

  await server.launch();
  await context.setOffline(false);
  await expectMessages(page, ['in the first room', 'written in a tunnel']);
  await expect(page.getByText('You are offline')).toHaveCount(0);
  expect(await server.messageTexts(cookie)).toEqual(['in the first room', 'written in a tunnel']);
  // The page is live again, not only loaded.
  await server.postMessage(cookie, 'welcome back');
  await expectMessages(page, ['in the first room', 'written in a tunnel', 'welcome back']);
  expect(never).toBeGreaterThan(second);
});

test('who signs out leaves nothing on the device', async ({ offlineReady: page, server, cookie }) => {
  await server.postMessage(cookie, 'for my eyes only');
  const context = page.context();
  await expectMessages(page, ['for my eyes only']);
  await expect.poll(() => cachedQueryKeys(page)).toEqual(expect.arrayContaining(['1,messages/1', '1,rooms']));
  await page.evaluate(() => fetch('/account/logo'));
  await expect.poll(() => page.evaluate(() => caches.keys())).toContain('campfire-pictures');
  await page.goto('/users/me/profile');
  // The page is loaded anew at the end, so that nothing stays in memory either.
  const loaded = page.waitForEvent('load');
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await loaded;
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
  expect(await cachedQueryKeys(page)).toEqual([]);
  expect(await page.evaluate(() => caches.keys())).not.toContain('campfire-pictures');
  // Nor has the worker put aside anything that the interface answered.
  const answers = await page.evaluate(async () => {
    const caches_ = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
    const requests = await Promise.all(caches_.map((cache) => cache.keys()));
    return requests.flat().map(({ url }) => new URL(url).pathname);
  });
  expect(answers.filter((path) => path.startsWith('/api') || path.startsWith('/users'))).toEqual([]);
  await context.setOffline(true);
  await server.stop('SIGKILL');
  await page.goto('/rooms/1');
  await expect(page.getByRole('heading', { name: 'Campfire doesn’t answer' })).toBeVisible();
  await expect(page.getByText('for my eyes only')).toHaveCount(0);
});

test('nothing breaks where the browser keeps nothing', async ({ openPageAsAda }) => {
  const page = await openPageAsAda();
  await page.addInitScript(() => {
    const broken = () => {
      throw new DOMException('denied', 'SecurityError');
    };
    Object.defineProperty(globalThis, 'indexedDB', { get: broken });
    Object.defineProperty(globalThis, 'localStorage', { get: broken });
    Object.defineProperty(globalThis, 'caches', { get: broken });
  });
  await page.goto('/rooms/1');
  await sendMessage(page, 'here all the same');
  await expectMessages(page, ['here all the same']);
  await page.goto('/users/me/profile');
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
});

test('a worker that finds its storage broken keeps nobody out', async ({ offlineReady: page }) => {
  await serviceWorkerOf(page.context()).evaluate(() => {
    const broken = () => Promise.reject(new DOMException('broken', 'UnknownError'));
    Object.assign(CacheStorage.prototype, { match: broken, open: broken, keys: broken, delete: broken });
  });
  await page.reload();
  await sendMessage(page, 'here all the same');
  await expectMessages(page, ['here all the same']);
});
