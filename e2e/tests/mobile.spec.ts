// The app on a phone: touch input and a narrow screen.
import { expect, type Locator, type Page } from '@playwright/test';
import { test as base } from './fixtures';
import {
  composer,
  expectMessages,
  horizontalOverflow,
  message,
  messageBodies,
  messageEditor,
  phone,
  waitForComposer,
} from './helpers';

const test = base.extend<{ page: Page }>({
  page: async ({ openPageAsAda }, use) => {
    const page = await openPageAsAda(phone);
    await page.goto('/');
    await waitForComposer(page);
    await use(page);
  },
});

/** Lists controls that lie off-screen or are smaller than 24 × 24 pixels. Runs in the page. */
function findUntappableElements(): string[] {
  const wrong: string[] = [];
  for (const one of Array.from(document.querySelectorAll('button, a.icon-button, [role^=menuitem], input, select'))) {
    if (!one.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    if (one.closest('[inert], .visually-hidden') || one.matches('[type=file], [type=checkbox], [type=radio]')) continue;
    const { left, right, width, height } = one.getBoundingClientRect();
    const name = `${one.ariaLabel ?? one.textContent} (${one.className})`;
    if (left < 0 || right > innerWidth) wrong.push(`${name} is off-screen: ${left} to ${right}`);
    // The frame around an input can be tapped as well.
    if ((width < 24 || height < 24) && one.localName !== 'input')
      wrong.push(`${name} is too small: ${width} × ${height}`);
  }
  return wrong;
}

async function expectFitsScreen(page: Page): Promise<void> {
  // Poll until animations have ended.
  await expect.poll(() => page.evaluate(findUntappableElements)).toEqual([]);
  expect(await horizontalOverflow(page)).toBeLessThanOrEqual(0);
}

const sidebar = (page: Page) => page.getByRole('complementary', { name: 'Rooms and people' });

async function openSidebar(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Open menu' }).tap();
  await expect(sidebar(page)).toBeInViewport();
}

async function typeAndSend(page: Page, text: string): Promise<void> {
  await composer(page).tap();
  await page.keyboard.type(text);
  await page.getByRole('button', { name: 'Send Message' }).tap();
}

/** Chooses an action from a message's menu, whose button is visible without hovering. */
async function chooseMessageAction(page: Page, of: Locator, action: string): Promise<void> {
  await of.getByRole('button', { name: 'Message actions' }).tap();
  await expect(page.getByRole('menu')).toBeInViewport();
  await expectFitsScreen(page);
  await page.getByRole('menuitem', { name: action, exact: true }).tap();
}

test('messages can be written, boosted, replied to, edited, deleted and searched by touch', async ({
  page,
  server,
  cookie,
}) => {
  await expectFitsScreen(page);
  const name = page.getByRole('heading', { name: 'All Talk', exact: true });
  expect(await name.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0);
  await typeAndSend(page, 'Lunch at noon');
  await expectMessages(page, ['Lunch at noon']);
  const lunch = message(page, 'Lunch at noon');
  await chooseMessageAction(page, lunch, 'Party popper');
  await expect(lunch.getByRole('button', { name: /boosted 🎉/ })).toBeVisible();
  await chooseMessageAction(page, lunch, 'New boost');
  await page.getByRole('textbox', { name: 'Boost' }).fill('yes, please!');
  await expectFitsScreen(page);
  await page.getByRole('textbox', { name: 'Boost' }).press('Enter');
  await expect(lunch.getByRole('button', { name: /boosted yes, please!/ })).toBeVisible();

  await chooseMessageAction(page, lunch, 'Reply');
  await expect(composer(page).locator('blockquote')).toHaveText('Lunch at noon');
  await expectFitsScreen(page);
  await page.keyboard.type('Where?');
  await page.getByRole('button', { name: 'Send Message' }).tap();
  await expect(messageBodies(page).nth(1)).toHaveText(/Where\?/);

  await chooseMessageAction(page, lunch.first(), 'Edit');
  const editor = messageEditor(page);
  await expect(editor).toBeFocused();
  await expectFitsScreen(page);
  await page.keyboard.type(' sharp');
  await page.getByRole('button', { name: 'Save' }).tap();
  await expect(messageBodies(page).first()).toHaveText('Lunch at noon sharp');
  await expect(editor).toHaveCount(0);

  await server.postMessage(cookie, `A long word: ${'Donaudampfschifffahrt'.repeat(8)}`);
  await server.postMessage(cookie, 'Somewhere else');
  await expect(messageBodies(page)).toHaveCount(4);
  await expectFitsScreen(page);
  await chooseMessageAction(page, message(page, 'Somewhere else'), 'Delete');
  const confirmation = page.getByRole('alertdialog', { name: 'Delete this message?' });
  await expect(confirmation).toBeInViewport();
  await expectFitsScreen(page);
  await confirmation.getByRole('button', { name: 'Delete' }).tap();
  await expect(message(page, 'Somewhere else')).toHaveCount(0);
  await expectFitsScreen(page);
  await page.getByRole('button', { name: 'Undo' }).tap();
  await expect(message(page, 'Somewhere else')).toBeVisible();

  await openSidebar(page);
  await sidebar(page).getByRole('link', { name: 'Search' }).tap();
  await expect(sidebar(page)).not.toBeInViewport();
  await page.getByRole('searchbox', { name: 'Search messages' }).fill('lunch');
  await page.getByRole('button', { name: 'Search', exact: true }).tap();
  const results = page.getByRole('list', { name: 'Results' }).getByRole('listitem');
  await expect(results).toHaveCount(2);
  await expectFitsScreen(page);
  await results.first().getByRole('link').tap();
  await expect(page.locator('.message--marked')).toContainText('Lunch at noon sharp');
  await expect(page.locator('.message--marked')).toBeInViewport();
  await expectFitsScreen(page);
});

test('rooms, notification settings and the profile can be used by touch', async ({ page, server, cookie }) => {
  const plans = await server.createRoom(cookie, 'Plans');
  await expect(sidebar(page)).not.toBeInViewport();
  await openSidebar(page);
  await expectFitsScreen(page);
  await sidebar(page).getByRole('link', { name: 'Plans' }).tap();
  await expect(page).toHaveURL(`/rooms/${plans}`);
  await expect(page.getByRole('heading', { name: 'Plans', exact: true })).toBeVisible();
  await expect(sidebar(page)).not.toBeInViewport();
  await expectFitsScreen(page);

  await openSidebar(page);
  await page.getByRole('button', { name: 'Close menu' }).tap();
  await expect(sidebar(page)).not.toBeInViewport();
  await page.getByRole('button', { name: 'Who is in this room' }).tap();
  await expect(page.getByRole('dialog', { name: 'In this room' })).toBeInViewport({ ratio: 1 });
  await expect(page.getByRole('dialog', { name: 'In this room' })).toContainText('Ada Lovelace');
  await expectFitsScreen(page);
  await page.keyboard.press('Escape');

  const bell = page.getByRole('button', { name: /^Notifications for this room/ });
  await bell.tap();
  await expect(page.getByRole('menu')).toBeInViewport({ ratio: 1 });
  await expectFitsScreen(page);
  await page.getByRole('menuitemradio', { name: 'Notifications are off', exact: true }).tap();
  await expect(bell).toHaveAccessibleName(/Notifications are off$/);

  await openSidebar(page);
  await sidebar(page).getByRole('link', { name: 'New Chat Room' }).tap();
  await page.getByLabel('Room name').fill('A room with quite a long name, longer than a phone is wide');
  await expectFitsScreen(page);
  await page.getByRole('button', { name: 'Create room' }).tap();
  await expect(page.getByRole('heading', { name: /^A room with/ })).toBeVisible();
  await waitForComposer(page);
  await expectFitsScreen(page);
  await typeAndSend(page, 'First!');
  await expectMessages(page, ['First!']);
  await openSidebar(page);
  await expect(sidebar(page).getByRole('link', { name: /^A room with/ })).toBeInViewport();
  await expectFitsScreen(page);

  await sidebar(page)
    .getByRole('link', { name: /Ada Lovelace.*settings/i })
    .tap();
  await page.getByLabel('Name', { exact: true }).fill('Ada King');
  await expectFitsScreen(page);
  await page.getByRole('button', { name: 'Save' }).tap();
  await expect(page.getByText('Saved.')).toBeVisible();
  await openSidebar(page);
  await expect(sidebar(page).getByRole('link', { name: /Ada King.*settings/i })).toBeVisible();
});
