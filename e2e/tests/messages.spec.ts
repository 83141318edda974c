// What people do with messages that are there: react, change their minds, keep them, find their place.
import { expect, type Locator, type Page } from '@playwright/test';
import { test } from './fixtures';
import { desktop, expectMessages, message, messageBodies, messageEditor } from './helpers';

/** Chooses from the menu of a message. */
async function chooseMessageAction(page: Page, of: Locator, action: string): Promise<void> {
  await of.hover();
  await of.getByRole('button', { name: 'Message actions' }).click();
  await page.getByRole('menuitem', { name: action, exact: true }).click();
}

test('a boost is seen by all, repeated by a click, and taken back by who gave it', async ({
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

test('an edit shows everywhere, and Escape leaves everything as it was', async ({ ada, grace, server, cookie }) => {
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

test('a deletion is asked about, and comes back in its place when it is undone', async ({
  ada,
  grace,
  server,
  cookie,
}) => {
  for (const text of ['first', 'second', 'third']) await server.postMessage(cookie, text);
  await chooseMessageAction(ada, message(ada, 'second'), 'Delete');
  const question = ada.getByRole('alertdialog', { name: 'Delete this message?' });
  await expect(question.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await question.getByRole('button', { name: 'Delete' }).click();
  await expectMessages(grace, ['first', 'third']);
  await expect(message(ada, 'third')).toBeFocused();
  await ada.keyboard.press('ControlOrMeta+z');
  await expectMessages(grace, ['first', 'second', 'third']);
  await expectMessages(ada, ['first', 'second', 'third']);
});

test('a reader keeps their place, hears how much is new below, and finds it below a line when back', async ({
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

test('what one reads stays where it is when older messages of the same author come in above', async ({
  openPageAsAda,
  server,
  cookie,
}) => {
  for (let number = 1; number <= 70; number += 1) await server.postMessage(cookie, `message ${number}`);
  const page = await openPageAsAda(desktop);
  let letIn = () => {};
  const gate = new Promise<void>((open) => {
    letIn = open;
  });
  await page.route('**/api/v1/rooms/1/messages?*before=*', async (route) => {
    await gate;
    await route.continue();
  });
  await page.goto('/rooms/1');
  await expect(messageBodies(page)).toHaveCount(40);
  const list = page.getByRole('log');
  const asked = page.waitForRequest('**/api/v1/rooms/1/messages?*before=*');
  await list.evaluate((element) => {
    element.scrollTop = 90;
  });
  await asked;
  const places = () =>
    Promise.all(
      [31, 32, 35].map(
        async (number) => (await page.getByText(`message ${number}`, { exact: true }).boundingBox())?.y ?? 0,
      ),
    );
  const before = await places();
  letIn();
  await expect(messageBodies(page)).toHaveCount(70);
  const after = await places();
  for (const [at, y] of before.entries()) expect(Math.abs((after[at] ?? 0) - y)).toBeLessThan(2);
});

test('a message marked unread, a bookmark and the keys lead back to it', async ({ grace, server, cookie }) => {
  for (const text of ['old', 'the plan', 'newer']) await server.postMessage(cookie, text);
  await chooseMessageAction(grace, message(grace, 'the plan'), 'Mark unread from here');
  await expect(grace).toHaveTitle('(1) All Talk');
  await chooseMessageAction(grace, message(grace, 'the plan'), 'Bookmark');
  await grace.getByRole('link', { name: 'Bookmarks' }).click();
  await grace.getByRole('link', { name: 'the plan' }).click();
  await expect(grace).toHaveURL(/\/rooms\/1\/@\d+$/);
  await expect(grace).toHaveTitle('All Talk');
  await expect(messageBodies(grace)).toHaveCount(3);
  // The newest is in view as well: nothing to jump to, until the conversation has gone on below.
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
