// Code-split chunks load on demand and are retried after a network failure.
import { expect } from '@playwright/test';
import { test } from './fixtures';
import { waitForComposer } from './helpers';

// A service worker would answer from its cache.
test.use({ serviceWorkers: 'block' });

test.beforeEach(({ ada }) => waitForComposer(ada));

test('a dialog whose chunk failed to load opens on the next click', async ({ ada: page }) => {
  await page.route('**/assets/members-panel*', (route) => route.abort());
  const button = page.getByRole('button', { name: 'Who is in this room' });
  await button.click();
  await expect(page.locator('.toasts')).toContainText('Campfire can’t be reached right now');
  await expect(button).toHaveAttribute('aria-expanded', 'false');
  await page.unroute('**/assets/members-panel*');
  await button.click();
  await expect(page.getByRole('dialog', { name: 'In this room' })).toBeVisible();
});

test('a page whose chunk failed to load can be retried in place', async ({ ada: page }) => {
  await page.route('**/assets/account-page*', (route) => route.abort());
  await page.getByRole('link', { name: 'Account Settings' }).click();
  await expect(page.getByRole('heading', { name: 'This page couldn’t be loaded' })).toBeVisible();
  await page.unroute('**/assets/account-page*');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('heading', { name: 'Account settings' })).toBeVisible();
});

test('the page explains itself when the app cannot start', async ({ ada: page }) => {
  const notice = page.getByRole('heading', { name: 'Campfire has not started yet' });
  await page.reload();
  await expect(page.locator('trix-editor')).toBeFocused();
  await expect(notice).toHaveCount(0);
  await page.route('**/assets/index-*.js', (route) => route.abort());
  await page.reload();
  await expect(notice).toBeVisible();
  await expect(page.getByText('your browser is probably too old')).toBeVisible();
});
