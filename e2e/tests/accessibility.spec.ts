// Accessibility: accessible names, document structure, contrast, narrow and zoomed pages, keyboard-only use.
import { expect, type Page } from '@playwright/test';
import { FakeBotsApi } from '../fake-bots-api';
import { test } from './fixtures';
import { desktop, expectMessages, horizontalOverflow, messageEditor, phone } from './helpers';

const views = [
  { view: 'desktop, light', viewport: desktop.viewport, colorScheme: 'light' },
  { view: 'desktop, dark', viewport: desktop.viewport, colorScheme: 'dark' },
  { view: 'phone, light', viewport: phone.viewport, colorScheme: 'light' },
  { view: 'phone, dark', viewport: phone.viewport, colorScheme: 'dark' },
  // A desktop at 200 % zoom.
  { view: '200 %', viewport: { width: 640, height: 400 }, colorScheme: 'light' },
  { view: '320 pixels', viewport: { width: 320, height: 640 }, colorScheme: 'light' },
] as const;

const pages = {
  room: '/rooms/1',
  profile: '/users/me/profile',
  account: '/account/edit',
  'new room': '/rooms/closeds/new',
  search: '/searches',
  results: '/searches?q=morning+in:%22All+Talk%22',
  bots: '/account/bots',
  'new bot': '/account/bots/new',
  bot: '/account/bots/101/edit',
  'sign-in': '/session/new',
};

/** Elements with these roles need an accessible name. */
const interactiveRoles = [
  'button',
  'link',
  'textbox',
  'searchbox',
  'combobox',
  'checkbox',
  'switch',
  'radio',
  'menuitem',
  'tab',
  'slider',
  'option',
  'listbox',
];

async function withFakeBots(page: Page): Promise<void> {
  const bots = new FakeBotsApi();
  bots.addBot('Deploy', 'https://bots.example.com/hook').last_delivery = {
    id: 1,
    state: 'done',
    at: new Date().toISOString(),
  };
  for (const state of ['waiting', 'done', 'failed'] as const) bots.addDelivery({ state });
  await bots.install(page);
}

/** Lists interactive elements and images without an accessible name. */
async function findUnnamedElements(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send('Accessibility.getFullAXTree');
  await session.detach();
  const unnamed = nodes.filter(
    ({ ignored, role, name }) =>
      !ignored && (interactiveRoles.includes(role?.value) || role?.value === 'image') && !name?.value?.trim(),
  );
  return unnamed.map(({ role, properties }) => `${role?.value} ${JSON.stringify(properties)}`);
}

/** Lists duplicate IDs, skipped heading levels, missing labels, alternative texts and landmarks. Runs in the page. */
function findStructureErrors(): string[] {
  const wrong: string[] = [];
  const ids = Array.from(document.querySelectorAll('[id]'), ({ id }) => id);
  for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) wrong.push(`duplicate id ${id}`);
  let level = 0;
  for (const heading of Array.from(document.querySelectorAll('h1, h2, h3, h4, h5, h6'))) {
    if (!heading.checkVisibility() || heading.closest('.message__body, [aria-hidden=true]')) continue;
    const own = Number(heading.localName.slice(1));
    if (own > level + 1) wrong.push(`${heading.localName} after h${level}: ${heading.textContent}`);
    level = own;
  }
  for (const image of Array.from(document.querySelectorAll('img:not([alt])'))) wrong.push(`no alt: ${image.outerHTML}`);
  for (const field of Array.from(document.querySelectorAll<HTMLInputElement>('input, select, textarea'))) {
    if (!field.checkVisibility() || field.type === 'hidden') continue;
    const isLabelled = field.labels?.length || field.ariaLabel || field.getAttribute('aria-labelledby') || field.title;
    if (!isLabelled) wrong.push(`no label: ${field.outerHTML}`);
  }
  if (document.querySelectorAll('main').length !== 1) wrong.push('not exactly one main');
  if (!document.documentElement.lang) wrong.push('no language');
  if (!document.title) wrong.push('no title');
  return wrong;
}

/** Lists texts below the contrast that WCAG AA requires (4.5, or 3 for large text). Runs in the page. */
function findLowContrastText(): string[] {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  if (!canvas) return ['no canvas'];
  type Color = [number, number, number, number];
  const read = (color: string): Color => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0, alpha = 0] = Array.from(canvas.getImageData(0, 0, 1, 1).data);
    return [red, green, blue, alpha / 255];
  };
  const over = ([r, g, b, a]: Color, [x, y, z]: Color): Color => [
    r * a + x * (1 - a),
    g * a + y * (1 - a),
    b * a + z * (1 - a),
    1,
  ];
  const luminance = (color: Color) => {
    const [r = 0, g = 0, b = 0] = color.slice(0, 3).map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  /** The color behind an element; null if there is a background image. */
  const backgroundOf = (element: Element): Color | null => {
    const layers: Color[] = [];
    for (let at: Element | null = element; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.backgroundImage !== 'none') return null;
      const layer = read(style.backgroundColor);
      layers.push(layer);
      if (layer[3] === 1) break;
    }
    const canvasColor = read('canvas');
    return layers.reverse().reduce((below, layer) => over(layer, below), canvasColor);
  };
  const wrong: string[] = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode.textContent?.trim();
    const element = texts.currentNode.parentElement;
    if (!text || !element?.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    // Emoji have their own colors. Disabled elements and text for screen readers only need no contrast.
    if (!/[\p{L}\p{N}]/u.test(text) || element.closest(':disabled, [aria-disabled=true], .visually-hidden, svg'))
      continue;
    const style = getComputedStyle(element);
    const background = backgroundOf(element);
    if (!background) continue;
    const [a, b] = [luminance(over(read(style.color), background)), luminance(background)];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const size = Number.parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (contrast < (isLarge ? 3 : 4.5)) wrong.push(`${contrast.toFixed(2)} ${element.className}: ${text.slice(0, 40)}`);
  }
  return wrong;
}

for (const { view, viewport, colorScheme } of views) {
  test(`every page passes the accessibility checks (${view})`, async ({ openPage, signIn, server, cookie }) => {
    const page = await openPage({ viewport, colorScheme, reducedMotion: 'reduce' });
    await withFakeBots(page);
    for (const text of ['Good morning', 'See https://example.com/ for more', 'A word '.repeat(40)]) {
      await server.postMessage(cookie, text);
    }
    for (const [name, path] of Object.entries(pages)) {
      if (name === 'sign-in') await page.context().clearCookies();
      else await signIn(page.context());
      await page.goto(path);
      if (name === 'room') await expect(page.locator('trix-editor')).toBeVisible();
      await expect(page.getByRole('heading').first()).toBeAttached();
      await expect(page.getByRole('main')).toBeVisible();
      await page.waitForLoadState('networkidle');
      const at = `${name}, ${view}`;
      expect.soft(await findUnnamedElements(page), at).toEqual([]);
      expect.soft(await page.evaluate(findStructureErrors), at).toEqual([]);
      expect.soft(await page.evaluate(findLowContrastText), at).toEqual([]);
      expect.soft(await horizontalOverflow(page), at).toBeLessThanOrEqual(0);
    }
  });
}

test('keyboard focus is visible on every page', async ({ openPage, signIn, server, cookie }) => {
  const page = await openPage({ ...desktop, reducedMotion: 'reduce' });
  await withFakeBots(page);
  await server.postMessage(cookie, 'Good morning');
  for (const [name, path] of Object.entries(pages)) {
    if (name === 'sign-in') await page.context().clearCookies();
    else await signIn(page.context());
    await page.goto(path);
    await page.waitForLoadState('networkidle');
    const stops = new Set<string>();
    for (let step = 0; step < 25; step += 1) {
      await page.keyboard.press('Tab');
      const stop = await page.evaluate(() => {
        const element = document.activeElement;
        if (!element || element === document.body) return null;
        // The element itself may show the focus, or the frame around it.
        const candidates = [
          element,
          element.parentElement,
          element.closest('form, label, .editor, .message, .message-card'),
        ];
        const isVisible = candidates.some((one) => {
          if (!one) return false;
          const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(one);
          return (outlineStyle !== 'none' && Number.parseFloat(outlineWidth) > 0) || boxShadow !== 'none';
        });
        return { html: element.outerHTML.slice(0, 120), isVisible };
      });
      if (!stop || stops.has(stop.html)) continue;
      stops.add(stop.html);
      expect.soft(stop.isVisible, `${name}: ${stop.html}`).toBe(true);
    }
    expect(stops.size, name).toBeGreaterThan(2);
  }
});

test('messages can be boosted, edited, deleted and restored with the keyboard alone', async ({
  openPageAsAda,
  server,
  cookie,
}) => {
  const page = await openPageAsAda(desktop);
  await server.postMessage(cookie, 'Lunch at noon');
  await page.goto('/');
  await expect(page.locator('trix-editor')).toBeFocused();
  const menu = page.getByRole('button', { name: 'Message actions' });
  const openMenu = async () => {
    await expect(async () => {
      await page.keyboard.press('Shift+Tab');
      await expect(menu).toBeFocused({ timeout: 100 });
    }).toPass({ intervals: [0] });
    await page.keyboard.press('Enter');
    await expect(page.getByRole('menu')).toBeVisible();
  };
  /** Moves down the menu to this item and activates it. */
  const choose = async (name: string) => {
    await expect(async () => {
      await page.keyboard.press('ArrowDown');
      await expect(page.getByRole('menuitem', { name, exact: true })).toBeFocused({ timeout: 100 });
    }).toPass({ intervals: [0] });
    await page.keyboard.press('Enter');
  };
  await openMenu();
  await choose('Party popper');
  await expect(page.getByRole('button', { name: /boosted 🎉/ })).toBeVisible();
  await expect(menu).toBeFocused();

  await page.keyboard.press('Enter');
  await choose('Edit');
  await expect(messageEditor(page)).toBeFocused();
  await page.keyboard.type(' sharp');
  await page.keyboard.press('ControlOrMeta+Enter');
  await expectMessages(page, ['Lunch at noon sharp']);
  await expect(page.locator('.message')).toBeFocused();

  await expect(async () => {
    await page.keyboard.press('Tab');
    await expect(menu).toBeFocused({ timeout: 100 });
  }).toPass({ intervals: [0] });
  await page.keyboard.press('Enter');
  await choose('Delete');
  await expect(page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' })).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page.locator('.message')).toHaveCount(0);
  await page.keyboard.press('ControlOrMeta+z');
  await expectMessages(page, ['Lunch at noon sharp']);
  await expect(page.getByRole('button', { name: /boosted 🎉/ })).toBeVisible();
});

test('a dialog focuses its field and returns the focus when it closes', async ({ openPageAsAda }) => {
  const page = await openPageAsAda(desktop);
  await page.goto('/');
  await expect(page.locator('trix-editor')).toBeFocused();
  const button = page.getByRole('button', { name: 'New Ping' });
  const field = page.getByRole('combobox', { name: 'Who do you want to ping?' });
  for (const press of [() => button.click(), () => button.press('Enter')]) {
    await press();
    await expect(field).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await expect(button).toBeFocused();
  }
});
