// Parts of the client are fetched when they are needed, and asked for again when the network was down.
import { expect, type Page } from '@playwright/test';
import { Server } from '../server';
import { open } from './people';
import { test } from './test';

let server: Server;
let page: Page;
const faults: string[] = [];

test.beforeEach(async ({ browser }) => {
  server = await Server.start();
  const context = await browser.newContext({ serviceWorkers: 'block' });
  page = await open(context, faults);
  const [name = '', ...value] = (await server.firstRun()).split('=');
  await context.addCookies([{ name, value: value.join('='), url: server.url }]);
  await page.goto(server.url);
  await expect(page.locator('trix-editor')).toBeFocused();
});

test.afterEach(async () => {
  await server.remove();
  expect(faults).toEqual([]);
});

test('a dialog that could not be fetched opens at the next attempt', async () => {
  await page.route('**/assets/members-panel*', (route) => route.abort());
  const button = page.getByRole('button', { name: 'Who is in this room' });
  await button.click();
  await expect(page.locator('.toasts')).toContainText('Campfire can’t be reached right now');
  await expect(button).toHaveAttribute('aria-expanded', 'false');
  await page.unroute('**/assets/members-panel*');
  await button.click();
  await expect(page.getByRole('dialog', { name: 'In this room' })).toBeVisible();
});

test('a page that could not be fetched is tried again where one is', async () => {
  await page.route('**/assets/account-page*', (route) => route.abort());
  await page.getByRole('link', { name: 'Account Settings' }).click();
  await expect(page.getByRole('heading', { name: 'This page couldn’t be loaded' })).toBeVisible();
  await page.unroute('**/assets/account-page*');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('heading', { name: 'Account settings' })).toBeVisible();
});

test('where the program cannot start, the page says so and which browsers can', async () => {
  const notice = page.getByRole('heading', { name: 'Campfire has not started yet' });
  await page.reload();
  await expect(page.locator('trix-editor')).toBeFocused();
  await expect(notice).toHaveCount(0);
  await page.route('**/assets/index-*.js', (route) => route.abort());
  await page.reload();
  await expect(notice).toBeVisible();
  await expect(page.getByText('your browser is probably too old')).toBeVisible();
});
