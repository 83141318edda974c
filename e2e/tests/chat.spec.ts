// Two people chat, lose the network and the server, and lose no message.
import { expect } from '@playwright/test';
import { test } from './fixtures';
import { desktop, expectMessages, fillSignUpForm, messageBodies, phone, sendMessage } from './helpers';

for (const [name, device] of Object.entries({ desktop, phone: { viewport: phone.viewport } })) {
  test(`two people sign up and chat without reloading (${name})`, async ({ openPage }) => {
    const ada = await openPage(device);
    await ada.goto('/');
    await fillSignUpForm(ada, 'Ada Lovelace', 'ada@example.com', 'Set up Campfire');
    await expect(ada.getByRole('heading', { name: 'All Talk' })).toBeVisible();
    const link = await ada.getByRole('textbox', { name: 'Join link' }).inputValue();
    const grace = await openPage(device);
    await grace.goto(link);
    await fillSignUpForm(grace, 'Grace Hopper', 'grace@example.com', 'Join');
    await expect(grace.getByRole('heading', { name: 'All Talk' })).toBeVisible();

    await sendMessage(ada, 'Hello <b>Grace</b> & all');
    await expectMessages(grace, ['Hello <b>Grace</b> & all']);
    await sendMessage(grace, 'Hello Ada 👋');
    await expectMessages(ada, ['Hello <b>Grace</b> & all', 'Hello Ada 👋']);
    await expectMessages(grace, ['Hello <b>Grace</b> & all', 'Hello Ada 👋']);
    await grace.reload();
    await expectMessages(grace, ['Hello <b>Grace</b> & all', 'Hello Ada 👋']);
  });
}

test('messages written offline are sent on reconnect, in the same order for everyone', async ({ ada, grace }) => {
  const offline = ada.context();
  await sendMessage(ada, 'before');
  await expectMessages(grace, ['before']);
  await offline.setOffline(true);
  await expect(ada.getByText('You’re offline')).toBeVisible();
  for (const text of ['offline 1', 'offline 2', 'offline 3']) await sendMessage(ada, text);
  await expect(ada.locator('.message--pending')).toHaveCount(3);
  for (const text of ['online 1', 'online 2', 'online 3', 'online 4', 'online 5']) await sendMessage(grace, text);
  await expect(messageBodies(grace)).toHaveCount(6);
  await offline.setOffline(false);
  await expect(messageBodies(grace)).toHaveCount(9);
  const texts = await messageBodies(grace).allTextContents();
  expect(texts.filter((text) => text.startsWith('offline'))).toEqual(['offline 1', 'offline 2', 'offline 3']);
  expect(texts.filter((text) => text.startsWith('online'))).toHaveLength(5);
  await expectMessages(ada, texts);
});

for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
  test(`no message is lost or duplicated across a restart (${signal})`, async ({ ada, grace, server, cookie }) => {
    await sendMessage(ada, 'before');
    await expectMessages(grace, ['before']);
    await server.stop(signal);
    for (const text of ['meanwhile 1', 'meanwhile 2']) await sendMessage(ada, text);
    await sendMessage(grace, 'me too');
    await expect(ada.locator('.message--pending')).toHaveCount(2);
    await server.launch();
    await expect(messageBodies(ada)).toHaveCount(4);
    await expect(messageBodies(grace)).toHaveCount(4);
    await expect(ada.locator('.message--pending')).toHaveCount(0);
    await expect(grace.locator('.message--pending')).toHaveCount(0);
    const texts = await server.messageTexts(cookie);
    expect([...texts].sort()).toEqual(['before', 'me too', 'meanwhile 1', 'meanwhile 2']);
    await expectMessages(ada, texts);
    await expectMessages(grace, texts);
  });
}

test('pending messages survive closing the tab', async ({ ada, openPage, server }) => {
  await server.stop('SIGKILL');
  await sendMessage(ada, 'still pending');
  await expect(ada.locator('.message--pending')).toHaveCount(1);
  await ada.close();
  await server.launch();
  const again = await openPage(ada.context());
  await again.goto('/');
  await expectMessages(again, ['still pending']);
});

test('history loads in both directions from a permalink', async ({ openPageAsAda, server, cookie }) => {
  const posted: number[] = [];
  for (let number = 1; number <= 200; number++) posted.push((await server.postMessage(cookie, `message ${number}`)).id);
  const page = await openPageAsAda(desktop);
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
  await expect(messageBodies(page)).toHaveCount(200);
  await page.getByRole('button', { name: 'Jump to newest message' }).click();
  await expect(page.getByText('message 200', { exact: true })).toBeInViewport();
});

test('unread rooms are marked until they are read, and signed-out people see the sign-in page', async ({
  ada,
  grace,
}) => {
  await grace.goto('/rooms/999');
  await expect(grace.getByRole('heading', { name: 'Room not found' })).toBeVisible();
  await sendMessage(ada, 'anybody here?');
  await expect(grace.locator('.room-link--unread')).toHaveCount(1);
  await grace.getByRole('link', { name: /All Talk/ }).click();
  await expectMessages(grace, ['anybody here?']);
  await expect(grace.locator('.room-link--unread')).toHaveCount(0);
  await grace.getByRole('link', { name: /Grace Hopper.*settings/i }).click();
  // Signing out ends with a full page load; a navigation before that would be aborted.
  const loaded = grace.waitForEvent('load');
  await grace.getByRole('button', { name: 'Sign out', exact: true }).click();
  await loaded;
  await expect(grace.getByRole('button', { name: 'Sign in' })).toBeVisible();
  await grace.goto('/rooms/1');
  await expect(grace.getByRole('button', { name: 'Sign in' })).toBeVisible();
  await grace.getByLabel('Email address').fill('GRACE@example.com');
  await grace.getByLabel('Password').fill('wrong');
  await grace.getByRole('button', { name: 'Sign in' }).click();
  await expect(grace.getByRole('alert').filter({ hasText: 'don’t match' })).toBeVisible();
  await grace.getByLabel('Password').fill('correct horse');
  await grace.getByRole('button', { name: 'Sign in' }).click();
  await expectMessages(grace, ['anybody here?']);
  await grace.goto('/join/wrong');
  await expect(grace.getByRole('heading', { name: /no longer valid/ })).toBeVisible();
  await grace.goto('/nowhere');
  await expect(grace.getByRole('heading', { name: /Page not found/ })).toBeVisible();
});
