// A bot from creation to deletion, against the real server and a webhook receiver.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from '@playwright/test';
import { test as base } from './fixtures';

/** A webhook endpoint that responds with `status`. */
class WebhookReceiver {
  status = 204;

  constructor(readonly url: string) {}
}

const test = base.extend<{ receiver: WebhookReceiver }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads a fixture's dependencies from this pattern
  receiver: async ({}, use) => {
    const listener = createServer((request, response) => {
      request.resume();
      response.writeHead(receiver.status).end();
    }).listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const receiver = new WebhookReceiver(`http://127.0.0.1:${(listener.address() as AddressInfo).port}/`);
    await use(receiver);
    listener.close();
  },
});

test('a bot can be created, post messages, receive webhooks and be deleted', async ({
  openPageAsAda,
  receiver,
  server,
  cookie,
}) => {
  const page = await openPageAsAda();
  await page.goto('/account/edit');
  await page.getByRole('link', { name: 'Chat bots' }).click();
  await page.getByRole('link', { name: 'Add a bot' }).click();
  await page.getByLabel('Name').fill('Deploy');
  await page.getByLabel('Webhook URL').fill('ftp://bots.example.com/');
  await page.getByRole('button', { name: 'Add bot' }).click();
  await expect(page.getByText("This URL can't be called")).toBeVisible();
  await page.getByLabel('Webhook URL').fill(receiver.url);
  await page.getByRole('button', { name: 'Add bot' }).click();
  await expect(page.getByRole('heading', { name: 'Deploy' })).toBeVisible();

  const posting = page.getByLabel('URL for messages', { exact: true });
  const post = async (url: string, body: string) =>
    (await fetch(url, { method: 'POST', body, redirect: 'manual' })).status;
  const before = await posting.inputValue();
  expect(await post(before, 'Hello!')).toBe(201);
  const hook = await page.getByLabel('Incoming webhook URL', { exact: true }).inputValue();
  expect(await post(hook, JSON.stringify({ text: 'Build *812* is green' }))).toBe(200);
  expect(await server.messageTexts(cookie)).toEqual(['Hello!', 'Build 812 is green']);

  await page.getByRole('button', { name: 'New key' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Change key' }).click();
  await expect(posting).not.toHaveValue(before);
  expect(await post(before, 'again')).not.toBe(201);
  expect(await post(await posting.inputValue(), 'Hello again')).toBe(201);

  const secret = page.getByLabel('Signing secret', { exact: true });
  await page.getByRole('button', { name: 'Show the secret' }).click();
  const old = await secret.inputValue();
  expect(old).toMatch(/^whsec_/);
  await page.getByRole('button', { name: 'New secret' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Change secret' }).click();
  await expect(secret).not.toHaveValue(old);

  const log = page.getByRole('list', { name: 'Webhook deliveries' }).getByRole('article');
  await page.getByRole('button', { name: 'Send a test' }).click();
  await expect(log).toHaveCount(1);
  await expect(log.first()).toContainText('Delivered');

  await page.getByRole('switch', { name: 'Every message in its rooms' }).check();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Saved.' })).toBeVisible();
  receiver.status = 410;
  const { id } = await server.postMessage(cookie, 'Is anybody there?');
  await expect(async () => {
    await page.getByRole('button', { name: 'Refresh' }).click();
    await expect(log).toHaveCount(2, { timeout: 500 });
    await expect(log.first()).toContainText('answered 410', { timeout: 500 });
  }).toPass();
  await expect(log.first()).toContainText('Failed');
  await expect(log.first().getByRole('link')).toHaveAttribute('href', `/rooms/1/@${id}`);
  receiver.status = 204;
  await log.first().getByRole('button', { name: 'Send again' }).click();
  await expect(log.first()).toContainText('Delivered');

  await page.getByRole('button', { name: 'Delete Deploy' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByRole('heading', { name: 'No bots yet' })).toBeVisible();
  await page.goto('/account/audit');
  for (const entry of ['added the bot Deploy', 'changed the key of the bot Deploy', 'removed the bot Deploy']) {
    await expect(page.getByRole('main')).toContainText(`Ada Lovelace ${entry}`);
  }
});
