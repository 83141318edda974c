// The settings pages for bots, against a fake bots API.
import { expect, type Page } from '@playwright/test';
import { FakeBotsApi } from '../fake-bots-api';
import { test as base } from './fixtures';

const test = base.extend<{ page: Page; bots: FakeBotsApi }>({
  page: async ({ openPageAsAda }, use) =>
    use(await openPageAsAda({ permissions: ['clipboard-read', 'clipboard-write'] })),
  bots: async ({ page }, use) => {
    const bots = new FakeBotsApi();
    await bots.install(page);
    await use(bots);
  },
});

const dialog = (page: Page) => page.getByRole('alertdialog');

test('a bot can be added from the account page, and its URLs can be copied', async ({ page, bots, server }) => {
  await page.goto('/account/edit');
  await page.getByRole('link', { name: 'Chat bots' }).click();
  await expect(page.getByRole('heading', { name: 'No bots yet' })).toBeVisible();
  await page.getByRole('link', { name: 'Add a bot' }).click();
  await page.getByLabel('Name').fill('Deploy');
  await page.getByLabel('Webhook URL').fill('ftp://bots.example.com/');
  await page.getByRole('button', { name: 'Add bot' }).click();
  await expect(page.getByText("This URL can't be called.")).toBeVisible();
  await page.getByLabel('Webhook URL').fill('https://bots.example.com/hook');
  await page.getByRole('switch', { name: 'Every message in its rooms' }).check();
  await page.getByRole('button', { name: 'Add bot' }).click();

  await expect(page).toHaveURL(/\/account\/bots\/101\/edit$/);
  expect(bots.bots[0]).toMatchObject({ name: 'Deploy', subscribe_all: true });
  const address = `${server.url}/rooms/1/${bots.bots[0]?.key}`;
  await expect(page.getByLabel('URL for messages', { exact: true })).toHaveValue(`${address}/messages`);
  await expect(page.getByLabel('Incoming webhook URL', { exact: true })).toHaveValue(`${address}/hook`);
  await page.getByRole('button', { name: 'Copy: Try it in a terminal', exact: true }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
    `curl -H 'Content-Type: text/plain' -d 'Hello!' ${address}/messages`,
  );
  await page.goBack();
  await expect(page).toHaveURL(/\/account\/bots$/);
  await expect(page.getByRole('list', { name: 'Chat bots' }).getByRole('link')).toContainText('Deploy');
});

test('changing the key or the secret asks for confirmation', async ({ page, bots }) => {
  const bot = bots.addBot('Deploy', 'https://bots.example.com/hook');
  await page.goto(`/account/bots/${bot.id}/edit`);
  const secret = page.getByLabel('Signing secret', { exact: true });
  await expect(secret).toHaveAttribute('type', 'password');
  await page.getByRole('button', { name: 'Show the secret' }).click();
  await expect(secret).toHaveAttribute('type', 'text');
  await expect(secret).toHaveValue(`whsec_secret${bot.id}`);
  await page.getByRole('button', { name: 'New secret' }).click();
  await dialog(page).getByRole('button', { name: 'Change secret' }).click();
  await expect(secret).toHaveValue('whsec_new');

  await page.getByRole('button', { name: 'New key' }).click();
  await expect(dialog(page)).toContainText('update every program that uses it');
  await dialog(page).getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByLabel('URL for messages', { exact: true })).toHaveValue(/aB3dE5gH7jK9/);
  await page.getByRole('button', { name: 'New key' }).click();
  await dialog(page).getByRole('button', { name: 'Change key' }).click();
  await expect(page.getByLabel('URL for messages', { exact: true })).toHaveValue(/-newKey\/messages$/);
});

test('the delivery log shows all attempts, loads older deliveries and can resend one', async ({ page, bots }) => {
  const bot = bots.addBot('Deploy', 'https://bots.example.com/hook');
  for (let number = 0; number < 24; number += 1) bots.addDelivery();
  const attempts = [500, 503].map((status, minute) => ({
    at: new Date(Date.UTC(2026, 0, 31, 13, minute)).toISOString(),
    status,
    outcome: `answered ${status}`,
    duration_ms: 1_500,
  }));
  bots.addDelivery({ state: 'failed', attempts });
  await page.goto(`/account/bots/${bot.id}/edit`);
  const log = page.getByRole('list', { name: 'Webhook deliveries' }).getByRole('article');
  await expect(log.first()).toContainText('answered 503, 1.5 s');
  await log.first().getByText('2 attempts').click();
  await expect(log.first()).toContainText('answered 500');
  await page.getByRole('button', { name: 'Show older' }).scrollIntoViewIfNeeded();
  await expect(log).toHaveCount(25);

  await log.first().getByRole('button', { name: 'Send again' }).click();
  await expect(log.first()).toContainText('Waiting');
  const delivery = bots.deliveries[0];
  if (delivery) delivery.state = 'done';
  await page.getByRole('button', { name: 'Refresh' }).click();
  await expect(log.first()).toContainText('Delivered');

  await page.getByRole('button', { name: 'Send a test' }).click();
  await expect(log.first()).toContainText('Test');
  await expect(log.first().getByRole('link')).toHaveCount(0);
});

test('a bot can be renamed, and deleting it explains what stops working', async ({ page, bots }) => {
  const bot = bots.addBot('Deploy');
  await page.goto('/account/bots');
  await page.getByRole('link', { name: /Deploy/ }).click();
  await page.getByLabel('Name').fill('Release');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('heading', { name: 'Release' })).toBeVisible();
  expect(bot).toMatchObject({ name: 'Release', webhook_url: null });
  await page.getByRole('button', { name: 'Delete Release' }).click();
  await expect(dialog(page)).toContainText('Its key stops working');
  await dialog(page).getByRole('button', { name: 'Delete' }).click();
  await expect(page).toHaveURL(/\/account\/bots$/);
  await expect(page.getByRole('heading', { name: 'No bots yet' })).toBeVisible();
  await page.goto(`/account/bots/${bot.id}/edit`);
  await expect(page.getByRole('heading', { name: 'Bot not found' })).toBeVisible();
});
