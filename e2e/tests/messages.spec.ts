// Messages in a room: boosts, editing, deletion, bookmarks, unread marks and the scroll position.
import { expect, type Locator, type Page } from '@playwright/test';
import { test } from './fixtures';
import { desktop, expectMessages, message, messageBodies, messageEditor } from './helpers';

/** Chooses an action from a message's menu. */
async function chooseMessageAction(page: Page, of: Locator, action: string): Promise<void> {
  await of.hover();
  await of.getByRole('button', { name: 'Message actions' }).click();
  await page.getByRole('menuitem', { name: action, exact: true }).click();
}

test('a boost is visible to everyone, can be repeated with a click and deleted by its author', async ({
  ada,
  grace,
  server,
  cookie,
}) => {
  await server.postMessage(cookie, 'We shipped it');
  await chooseMessageAction(grace, message(grace, 'We shipped it'), 'Party popper');
  await ada.getByRole('button', { name: 'Grace Hopper boosted 🎉' }).click();
  await expect(grace.getByRole('button', { name: 'Ada Lovelace boosted 🎉' })).toBeVisible();
  await grace.getByRole('button', { name: 'Grace Hopper boosted 🎉' }).press('Enter');
  await grace.getByRole('button', { name: 'Delete this boost' }).click();
  await expect(ada.getByRole('button', { name: 'Grace Hopper boosted 🎉' })).toHaveCount(0);
  await expect(ada.getByRole('button', { name: 'Ada Lovelace boosted 🎉' })).toBeVisible();

  await chooseMessageAction(grace, message(grace, 'We shipped it'), 'New boost');
  await grace.getByRole('textbox', { name: 'Boost' }).fill('well done!');
  await grace.keyboard.press('Enter');
  await expect(ada.getByRole('button', { name: 'Grace Hopper boosted well done!' })).toBeVisible();
});

test('an edit is shown to everyone, and Escape discards it', async ({ ada, grace, server, cookie }) => {
  await server.postMessage(cookie, 'Lunch at noon');
  const mine = message(ada, 'Lunch at noon');
  await chooseMessageAction(ada, mine, 'Edit');
  const editor = messageEditor(ada);
  await expect(editor).toBeFocused();
  await ada.keyboard.type(' or never');
  await ada.keyboard.press('Escape');
  await expect(mine).toBeFocused();
  await expectMessages(grace, ['Lunch at noon']);

  await chooseMessageAction(ada, mine, 'Edit');
  await expect(editor).toBeFocused();
  await ada.keyboard.type(' sharp');
  await ada.keyboard.press('ControlOrMeta+Enter');
  await expectMessages(grace, ['Lunch at noon sharp']);
  await expect(message(grace, 'Lunch at noon sharp').getByText('edited')).toBeVisible();
  await message(grace, 'Lunch at noon sharp').hover();
  await grace.getByRole('button', { name: 'Message actions' }).click();
  await expect(grace.getByRole('menuitem', { name: 'Reply' })).toBeVisible();
  await expect(grace.getByRole('menuitem', { name: 'Edit' })).toHaveCount(0);
});

test('deleting a message asks for confirmation, and undo restores it in place', async ({
  ada,
  grace,
  server,
  cookie,
}) => {
  for (const text of ['first', 'second', 'third']) await server.postMessage(cookie, text);
  await chooseMessageAction(ada, message(ada, 'second'), 'Delete');
  const confirmation = ada.getByRole('alertdialog', { name: 'Delete this message?' });
  await expect(confirmation.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await confirmation.getByRole('button', { name: 'Delete' }).click();
  await expectMessages(grace, ['first', 'third']);
  await expect(message(ada, 'third')).toBeFocused();
  await ada.keyboard.press('ControlOrMeta+z');
  await expectMessages(grace, ['first', 'second', 'third']);
  await expectMessages(ada, ['first', 'second', 'third']);
});

test('new messages keep the scroll position, are counted, and follow a divider on the next visit', async ({
  grace,
  server,
  cookie,
}) => {
  for (let number = 1; number <= 60; number += 1) await server.postMessage(cookie, `message ${number}`);
  await expect(grace.getByText('message 60', { exact: true })).toBeInViewport();
  await grace.getByText('message 30', { exact: true }).scrollIntoViewIfNeeded();
  await expect(grace.getByRole('button', { name: 'Jump to newest message' })).toBeVisible();
  await server.postMessage(cookie, 'news 1');
  await server.postMessage(cookie, 'news 2');
  const jump = grace.getByRole('button', { name: 'Jump to newest message, 2 new messages' });
  await expect(jump).toBeVisible();
  await expect(grace.getByText('message 30', { exact: true })).toBeInViewport();

  await grace.getByRole('link', { name: 'Bookmarks' }).click();
  await expect(grace.getByRole('heading', { name: 'No bookmarks yet' })).toBeVisible();
  await server.postMessage(cookie, 'while away');
  await expect(grace).toHaveTitle('(1) Bookmarks');
  await grace.getByRole('link', { name: 'All Talk' }).click();
  await expect(grace.getByText('message 30', { exact: true })).toBeInViewport();
  await expect(grace).toHaveTitle('All Talk');
  await grace.getByRole('button', { name: /Jump to newest message/ }).click();
  await expect(grace.getByText('while away')).toBeInViewport();
  await expect(grace.getByRole('heading', { name: 'New since your last visit' })).toBeInViewport();
});

test('loading older messages of the same author keeps the scroll position', async ({
  openPageAsAda,
  server,
  cookie,
}) => {
  for (let number = 1; number <= 70; number += 1) await server.postMessage(cookie, `message ${number}`);
  const page = await openPageAsAda(desktop);
  let release = () => {};
  const gate = new Promise<void>((open) => {
    release = open;
  });
  await page.route('**/api/v1/rooms/1/messages?*before=*', async (route) => {
    await gate;
    await route.continue();
  });
  await page.goto('/rooms/1');
  await expect(messageBodies(page)).toHaveCount(40);
  const list = page.getByRole('log');
  const requested = page.waitForRequest('**/api/v1/rooms/1/messages?*before=*');
  await list.evaluate((element) => {
    element.scrollTop = 90;
  });
  await requested;
  const positions = () =>
    Promise.all(
      [31, 32, 35].map(
        async (number) => (await page.getByText(`message ${number}`, { exact: true }).boundingBox())?.y ?? 0,
      ),
    );
  const before = await positions();
  release();
  await expect(messageBodies(page)).toHaveCount(70);
  const after = await positions();
  for (const [at, y] of before.entries()) expect(Math.abs((after[at] ?? 0) - y)).toBeLessThan(2);
});

test('unread marks, bookmarks and keyboard shortcuts lead back to a message', async ({ grace, server, cookie }) => {
  for (const text of ['old', 'the plan', 'newer']) await server.postMessage(cookie, text);
  await chooseMessageAction(grace, message(grace, 'the plan'), 'Mark unread from here');
  await expect(grace).toHaveTitle('(1) All Talk');
  await chooseMessageAction(grace, message(grace, 'the plan'), 'Bookmark');
  await grace.getByRole('link', { name: 'Bookmarks' }).click();
  await grace.getByRole('link', { name: 'the plan' }).click();
  await expect(grace).toHaveURL(/\/rooms\/1\/@\d+$/);
  await expect(grace).toHaveTitle('All Talk');
  await expect(messageBodies(grace)).toHaveCount(3);
  // The newest message is in view: there is nothing to jump to until more messages arrive.
  const jump = grace.getByRole('button', { name: /Jump to newest message/ });
  await expect(jump).toHaveCount(0);
  for (let count = 1; count <= 12; count += 1) await server.postMessage(cookie, `later ${count}`);
  await expect(grace.getByText('the plan', { exact: true })).toBeInViewport();
  await jump.click();
  await expect(grace.getByText('later 12')).toBeInViewport();
  await expect(jump).toHaveCount(0);

  await grace.keyboard.press('ControlOrMeta+k');
  await expect(grace.getByRole('combobox', { name: 'Room or person' })).toBeFocused();
  await grace.keyboard.type('alta');
  await grace.keyboard.press('Enter');
  await expect(grace).toHaveURL(/\/rooms\/1$/);
  await grace.getByRole('log').focus();
  await grace.keyboard.press('?');
  await expect(grace.getByRole('dialog', { name: 'Keyboard' })).toBeVisible();
  await grace.keyboard.press('Escape');
  await expect(grace.getByRole('dialog')).toHaveCount(0);
});
