// The installable app: manifest, service worker, offline use, and deletion of local data on sign-out.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, expect, type Page } from '@playwright/test';
import { test as base } from './fixtures';
import { expectMessages, sendMessage } from './helpers';
import { serviceWorkerOf, waitForServiceWorker } from './push-device';

/** Keys of the query results that are cached in IndexedDB for offline use. */
const cachedQueryKeys = (page: Page) =>
  page.evaluate(async () => {
    // Opening a missing database would create it, without the app's schema.
    const databases = await indexedDB.databases();
    if (!databases.some(({ name }) => name === 'campfire-offline')) return [];
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

/** `offlineReady` is Ada's page after the service worker has precached the app. */
const test = base.extend<{ offlineReady: Page }>({
  offlineReady: async ({ ada }, use) => {
    await waitForServiceWorker(ada);
    await use(ada);
  },
});

test('the app is installable', async ({ launchOptions, openPage, signIn }) => {
  // Chromium installs no apps in incognito contexts, which tests use otherwise.
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
    await expect(page.getByRole('heading', { name: /Page not found/ })).toHaveCount(0);
  }
  // Campfire offers the installation as well as the browser.
  await expect(page.getByRole('button', { name: 'Install now' })).toBeVisible();
  await context.close();
  await rm(profile, { recursive: true, force: true });
});

test('the service worker is revalidated on every request, at both of its paths', async ({ request }) => {
  for (const path of ['/service-worker.js', '/service-worker']) {
    const response = await request.get(path);
    expect(response.status()).toBe(200);
    expect(response.headers()['content-type']).toContain('javascript');
    expect(response.headers()['cache-control']).toBe('no-cache');
    const headers = { 'if-none-match': response.headers().etag ?? '' };
    expect((await request.get(path, { headers })).status()).toBe(304);
  }
});

test('the app opens offline, shows cached rooms and sends pending messages when it is back online', async ({
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
  await expect(page.getByText(/You’re offline. This page was last updated/)).toBeVisible();
  await page.getByRole('link', { name: 'All Talk' }).click();
  await expectMessages(page, ['in the first room']);
  await page.getByRole('link', { name: 'Unvisited' }).click();
  await expect(page.getByRole('heading', { name: 'Not available offline' })).toBeVisible();
  await page.getByRole('link', { name: 'All Talk' }).click();
  await sendMessage(page, 'written in a tunnel');
  await expect(page.locator('.message--pending')).toHaveCount(1);
  await page.reload();
  await expect(page.locator('.message--pending')).toHaveText(/written in a tunnel/);
  // A new window works offline, too.
  const other = await openPage(context);
  await other.goto(`/rooms/${second}`);
  await expectMessages(other, ['in the second room']);
  await other.close();

  await server.launch();
  await context.setOffline(false);
  await expectMessages(page, ['in the first room', 'written in a tunnel']);
  await expect(page.getByText('You’re offline')).toHaveCount(0);
  expect(await server.messageTexts(cookie)).toEqual(['in the first room', 'written in a tunnel']);
  // Live updates work again, not only reloading.
  await server.postMessage(cookie, 'welcome back');
  await expectMessages(page, ['in the first room', 'written in a tunnel', 'welcome back']);
  expect(never).toBeGreaterThan(second);
});

test('signing out deletes all local data', async ({ offlineReady: page, server, cookie }) => {
  await server.postMessage(cookie, 'for my eyes only');
  const context = page.context();
  await expectMessages(page, ['for my eyes only']);
  await expect.poll(() => cachedQueryKeys(page)).toEqual(expect.arrayContaining(['1,messages/1', '1,rooms']));
  await page.evaluate(() => fetch('/account/logo'));
  await expect.poll(() => page.evaluate(() => caches.keys())).toContain('campfire-pictures');
  await page.goto('/users/me/profile');
  // The page reloads at the end, which clears memory as well.
  const loaded = page.waitForEvent('load');
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await loaded;
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
  expect(await cachedQueryKeys(page)).toEqual([]);
  expect(await page.evaluate(() => caches.keys())).not.toContain('campfire-pictures');
  // The service worker has cached no API response either.
  const cachedPaths = await page.evaluate(async () => {
    const opened = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
    const requests = await Promise.all(opened.map((cache) => cache.keys()));
    return requests.flat().map(({ url }) => new URL(url).pathname);
  });
  expect(cachedPaths.filter((path) => path.startsWith('/api') || path.startsWith('/users'))).toEqual([]);
  await context.setOffline(true);
  await server.stop('SIGKILL');
  await page.goto('/rooms/1');
  await expect(page.getByRole('heading', { name: 'Campfire isn’t responding' })).toBeVisible();
  await expect(page.getByText('for my eyes only')).toHaveCount(0);
});

test('the app works in a browser without storage', async ({ openPageAsAda }) => {
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

test('the app works when the service worker cannot read its caches', async ({ offlineReady: page }) => {
  await serviceWorkerOf(page.context()).evaluate(() => {
    const broken = () => Promise.reject(new DOMException('broken', 'UnknownError'));
    Object.assign(CacheStorage.prototype, { match: broken, open: broken, keys: broken, delete: broken });
  });
  await page.reload();
  await sendMessage(page, 'here all the same');
  await expectMessages(page, ['here all the same']);
});
