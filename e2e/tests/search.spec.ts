// Search: words and filters, results that link to their rooms, recent searches.
import { expect, type Page } from '@playwright/test';
import { test } from './fixtures';
import { horizontalOverflow, phone } from './helpers';

const field = (page: Page) => page.getByRole('searchbox', { name: 'Search messages' });
const results = (page: Page) => page.getByRole('list', { name: 'Results' }).getByRole('listitem');

test('results are highlighted, link to their message, and going back focuses the result', async ({
  openPageAsAda,
  server,
  cookie,
}) => {
  const page = await openPageAsAda();
  for (const text of ['The lantern is <b>broken</b> & dark', 'Cake at noon', 'Two lanterns'])
    await server.postMessage(cookie, text);
  await page.goto('/');
  await page.getByRole('navigation', { name: 'Shortcuts' }).getByRole('link', { name: 'Search' }).click();
  await expect(page).toHaveURL(/\/searches$/);
  await expect(field(page)).toBeFocused();

  await page.keyboard.type('lantern');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/searches\?q=lantern$/);
  await expect(page).toHaveTitle(/Search: lantern/);
  await expect(results(page)).toHaveCount(2);
  await expect(page.getByRole('status').filter({ hasText: '2 results for lantern' })).toBeAttached();
  await expect(results(page).first()).toContainText('The lantern is <b>broken</b> & dark');
  await expect(page.locator('mark')).toHaveText(['lantern', 'lanterns']);
  await expect(results(page).last()).toBeInViewport();

  await page.keyboard.press('ArrowUp');
  await expect(results(page).last().getByRole('link')).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await expect(results(page).first().getByRole('link')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/rooms\/1\/@1$/);
  await expect(page.locator('.message--marked')).toContainText('The lantern');

  await page.goBack();
  await expect(page).toHaveURL(/\/searches\?q=lantern$/);
  await expect(results(page).first().getByRole('link')).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect(field(page)).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(field(page)).toHaveValue('');
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL(/\/rooms\/1$/);
});

test('filters can be typed, chosen and removed', async ({ openPageAsAda, server, cookie }) => {
  const page = await openPageAsAda();
  await server.postMessage(cookie, 'The lantern');
  await server.postMessage(cookie, 'A lantern, see https://example.com/');
  await page.goto('/searches');
  await page.getByRole('button', { name: 'Use has:link' }).click();
  await expect(field(page)).toBeFocused();
  await page.keyboard.type('lantern');
  await page.keyboard.press('Enter');
  await expect(results(page)).toHaveCount(1);
  await expect(page.getByRole('list', { name: 'Filters of this search' })).toContainText('has link');
  await page.getByRole('button', { name: /has link/ }).click();
  await expect(results(page)).toHaveCount(2);
  await expect(field(page)).toHaveValue('lantern');

  await page.getByRole('button', { name: 'Filters', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Filters' });
  await dialog.getByLabel('From').fill('Ada Lovelace');
  await dialog.getByLabel('In', { exact: true }).selectOption('All Talk');
  await dialog.getByLabel('Before').fill('2020-01-31');
  await dialog.getByRole('button', { name: 'Show results' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(field(page)).toHaveValue('lantern from:"Ada Lovelace" in:"All Talk" before:2020-01-31');
  await expect(page.getByRole('heading', { name: 'Nothing found' })).toBeVisible();
  await page.getByRole('button', { name: /before 2020-01-31/ }).click();
  await expect(results(page)).toHaveCount(2);
  await page.goBack();
  await expect(page.getByRole('heading', { name: 'Nothing found' })).toBeVisible();
});

test('recent searches are saved, can be repeated and cleared', async ({ openPageAsAda, server, cookie }) => {
  const page = await openPageAsAda();
  await server.postMessage(cookie, 'The lantern');
  await page.goto('/searches');
  for (const query of ['lantern', 'harbour']) {
    await field(page).fill(query);
    await Promise.all([
      page.waitForResponse((response) => response.url().endsWith('/recent') && response.request().method() === 'POST'),
      field(page).press('Enter'),
    ]);
  }
  await page.goto('/searches');
  const recent = page.getByRole('navigation', { name: 'Recent searches' });
  await expect(recent.getByRole('link')).toHaveText(['harbour', 'lantern']);
  await recent.getByRole('link', { name: 'lantern' }).click();
  await expect(results(page)).toHaveCount(1);
  await page.getByRole('button', { name: 'Clear recent searches' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Clear' }).click();
  await expect(page.getByRole('button', { name: 'Clear recent searches' })).toHaveCount(0);
  await expect(page.getByRole('main')).toBeFocused();
  await page.goto('/searches');
  await expect(page.getByRole('heading', { name: 'Find the right message' })).toBeVisible();
  await expect(recent).toHaveCount(0);
});

test('loading older results keeps the scroll position', async ({ openPageAsAda, server, cookie }) => {
  const page = await openPageAsAda();
  for (let number = 1; number <= 130; number += 1) await server.postMessage(cookie, `report ${number}`);
  await page.goto('/searches?q=report');
  await expect(results(page)).toHaveCount(100);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('100+');
  await expect(results(page).last()).toBeInViewport();
  const first = results(page).filter({ hasText: /report 31$/ });
  await first.evaluate((item) => item.scrollIntoView({ block: 'start' }));
  await expect(results(page)).toHaveCount(130);
  await expect(first).toBeInViewport();
  await expect(page.getByRole('button', { name: 'Show older results' })).toHaveCount(0);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('130');
});

test('an invalid search explains itself, and a failed search can be retried', async ({
  openPageAsAda,
  server,
  cookie,
}) => {
  const page = await openPageAsAda();
  await server.postMessage(cookie, 'The lantern');
  await page.goto(`/searches?q=${encodeURIComponent('word '.repeat(33))}`);
  await expect(page.getByRole('alert')).toContainText('at most 32 words');

  await page.route('**/api/v1/searches?*', (route) => route.abort());
  await field(page).fill('lantern');
  await field(page).press('Enter');
  await expect(page.getByRole('heading', { name: 'Campfire can’t be reached' })).toBeVisible();
  await page.unroute('**/api/v1/searches?*');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(results(page)).toHaveCount(1);
});

test('the switcher and keyboard shortcuts open search', async ({ openPageAsAda, server, cookie }) => {
  const page = await openPageAsAda();
  await server.postMessage(cookie, 'The lantern');
  await page.goto('/');
  await expect(page.locator('trix-editor')).toBeFocused();
  await page.keyboard.press('ControlOrMeta+k');
  await expect(page.getByRole('combobox', { name: 'Room or person' })).toBeFocused();
  await page.keyboard.type('lantern');
  await expect(page.getByRole('option')).toHaveText([/Search messages for “lantern”/]);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/searches\?q=lantern$/);
  await expect(results(page)).toHaveCount(1);
  await page.getByRole('link', { name: 'Exit search' }).click();
  await expect(page.locator('trix-editor')).toBeFocused();
  await page.keyboard.press('ControlOrMeta+Shift+f');
  await expect(page).toHaveURL(/\/searches$/);
  await page.getByRole('link', { name: 'Exit search' }).click();
  await page.getByRole('log').focus();
  await page.keyboard.press('/');
  await expect(field(page)).toBeFocused();
  await expect(field(page)).toHaveValue('');
});

test('a server without search says so and hides the search links', async ({ openPageAsAda }) => {
  const page = await openPageAsAda();
  await page.route('**/api/v1/status', async (route) => {
    const response = await route.fetch();
    const status = await response.json();
    await route.fulfill({ response, json: { ...status, features: { ...status.features, search: false } } });
  });
  await page.goto('/searches?q=lantern');
  await expect(page.getByRole('heading', { name: 'Search is turned off' })).toBeVisible();
  await expect(page.getByRole('link', { name: /^Search/ })).toHaveCount(0);
});

test('search works on a phone', async ({ openPageAsAda, server, cookie }) => {
  const page = await openPageAsAda(phone);
  await server.postMessage(cookie, 'The lantern');
  await page.goto('/');
  await page.getByRole('link', { name: 'Search messages' }).tap();
  await field(page).fill('lantern');
  await page.getByRole('button', { name: 'Search', exact: true }).tap();
  await expect(results(page)).toHaveCount(1);
  await results(page).first().getByRole('link').tap();
  await expect(page).toHaveURL(/\/rooms\/1\/@1$/);
  expect(await horizontalOverflow(page)).toBeLessThanOrEqual(0);
});
