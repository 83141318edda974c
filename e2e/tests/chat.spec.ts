// Two people set up, join, chat, lose the network and the server, and lose no word.
import { expect } from '@playwright/test';
import { test } from './fixtures';
import { bodies, desktop, fillTag, phone, say, shows } from './helpers';

for (const [name, device] of Object.entries({ desktop, phone: { viewport: phone.viewport } })) {
  test(`two people set up, join and chat without reloading (${name})`, async ({ open }) => {
    const ada = await open(device);
    await ada.goto('/');
    await fillTag(ada, 'Ada Lovelace', 'ada@example.com', 'Set up Campfire');
    await expect(ada.getByRole('heading', { name: 'All Talk' })).toBeVisible();
    const link = await ada.getByRole('textbox', { name: 'Join link' }).inputValue();
    const grace = await open(device);
    await grace.goto(link);
    await fillTag(grace, 'Grace Hopper', 'grace@example.com', 'Join');
    await expect(grace.getByRole('heading', { name: 'All Talk' })).toBeVisible();

    await say(ada, 'Hello <b>Grace</b> & all');
    await shows(grace, ['Hello <b>Grace</b> & all']);
    await say(grace, 'Hello Ada 👋');
    await shows(ada, ['Hello <b>Grace</b> & all', 'Hello Ada 👋']);
    await shows(grace, ['Hello <b>Grace</b> & all', 'Hello Ada 👋']);
    await grace.reload();
    await shows(grace, ['Hello <b>Grace</b> & all', 'Hello Ada 👋']);
  });
}

test('what is written without a network is sent once it is back, in one order for both', async ({ ada, grace }) => {
  const offline = ada.context();
  await say(ada, 'before');
  await shows(grace, ['before']);
  await offline.setOffline(true);
  await expect(ada.getByText('You are offline')).toBeVisible();
  for (const text of ['offline 1', 'offline 2', 'offline 3']) await say(ada, text);
  await expect(ada.locator('.message--pending')).toHaveCount(3);
  for (const text of ['online 1', 'online 2', 'online 3', 'online 4', 'online 5']) await say(grace, text);
  await expect(bodies(grace)).toHaveCount(6);
  await offline.setOffline(false);
  await expect(bodies(grace)).toHaveCount(9);
  const texts = await bodies(grace).allTextContents();
  expect(texts.filter((text) => text.startsWith('offline'))).toEqual(['offline 1', 'offline 2', 'offline 3']);
  expect(texts.filter((text) => text.startsWith('online'))).toHaveLength(5);
  await shows(ada, texts);
});

for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
  test(`nothing is lost or doubled across a restart (${signal})`, async ({ ada, grace, server, cookie }) => {
    await say(ada, 'before');
    await shows(grace, ['before']);
    await server.down(signal);
    for (const text of ['meanwhile 1', 'meanwhile 2']) await say(ada, text);
    await say(grace, 'me too');
    await expect(ada.locator('.message--pending')).toHaveCount(2);
    await server.up();
    await expect(bodies(ada)).toHaveCount(4);
    await expect(bodies(grace)).toHaveCount(4);
    await expect(ada.locator('.message--pending')).toHaveCount(0);
    await expect(grace.locator('.message--pending')).toHaveCount(0);
    const texts = await server.texts(cookie);
    expect([...texts].sort()).toEqual(['before', 'me too', 'meanwhile 1', 'meanwhile 2']);
    await shows(ada, texts);
    await shows(grace, texts);
  });
}

test('what waits survives a closed tab', async ({ ada, open, server }) => {
  await server.down('SIGKILL');
  await say(ada, 'do not forget me');
  await expect(ada.locator('.message--pending')).toHaveCount(1);
  await ada.close();
  await server.up();
  const again = await open(ada.context());
  await again.goto('/');
  await shows(again, ['do not forget me']);
});

test('history is paged in both directions and a permalink finds its message', async ({ openAsAda, server, cookie }) => {
  const posted: number[] = [];
  for (let number = 1; number <= 200; number++) posted.push((await server.post(cookie, `message ${number}`)).id);
  const page = await openAsAda(desktop);
  await page.goto(`/rooms/1/@${posted[99]}`);
  await expect(page.locator(`[data-message-id="${posted[99]}"]`)).toBeInViewport();
  await expect(page.locator('.message--marked')).toHaveText(/message 100/);
  const list = page.getByRole('log');
  const scroll = (end: 'top' | 'bottom') =>
    list.evaluate((element, end) => {
      element.scrollTop = end === 'top' ? 0 : element.scrollHeight;
    }, end);
  await expect(async () => {
    await scroll('bottom');
    await expect(page.getByText('message 200', { exact: true })).toBeInViewport({ timeout: 500 });
  }).toPass();
  await expect(async () => {
    await scroll('top');
    await expect(page.getByText('message 1', { exact: true })).toBeInViewport({ timeout: 500 });
  }).toPass();
  await expect(bodies(page)).toHaveCount(200);
  await page.getByRole('button', { name: 'Jump to newest message' }).click();
  await expect(page.getByText('message 200', { exact: true })).toBeInViewport();
});

test('unread rooms are marked until they are read, and doors stay closed to strangers', async ({ ada, grace }) => {
  await grace.goto('/rooms/999');
  await expect(grace.getByRole('heading', { name: 'Room not found' })).toBeVisible();
  await say(ada, 'anybody here?');
  await expect(grace.locator('.room-link--unread')).toHaveCount(1);
  await grace.getByRole('link', { name: /All Talk/ }).click();
  await shows(grace, ['anybody here?']);
  await expect(grace.locator('.room-link--unread')).toHaveCount(0);
  await grace.getByRole('link', { name: /Grace Hopper.*settings/i }).click();
  await grace.getByRole('button', { name: 'Sign out', exact: true }).click();
  await expect(grace.getByRole('button', { name: 'Sign in' })).toBeVisible();
  await grace.goto('/rooms/1');
  await expect(grace.getByRole('button', { name: 'Sign in' })).toBeVisible();
  await grace.getByLabel('Email address').fill('GRACE@example.com');
  await grace.getByLabel('Password').fill('wrong');
  await grace.getByRole('button', { name: 'Sign in' }).click();
  await expect(grace.getByRole('alert').filter({ hasText: 'do not match' })).toBeVisible();
  await grace.getByLabel('Password').fill('correct horse');
  await grace.getByRole('button', { name: 'Sign in' }).click();
  await shows(grace, ['anybody here?']);
  await grace.goto('/join/wrong');
  await expect(grace.getByRole('heading', { name: /not valid any more/ })).toBeVisible();
  await grace.goto('/nowhere');
  await expect(grace.getByRole('heading', { name: /can’t find that/ })).toBeVisible();
});
