// Hostile messages in a real browser: nothing runs, nothing is fetched from elsewhere, nothing breaks the policy.
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, type Page } from '@playwright/test';
import type { Server } from '../server';
import { test } from './fixtures';
import { messageBodies, sendMessage } from './helpers';

/** What a body may be made of, whoever wrote it. */
const allowed = {
  elements:
    'a abbr acronym address b big blockquote br caption cite code dd del dfn div dl dt em h1 h2 h3 h4 h5 h6 hr i img ins ' +
    'kbd li mark ol p pre q s samp small span strong sub sup table tbody td tfoot th thead time tr tt u ul var wbr',
  attributes: 'abbr alt cite class colspan data-user-id datetime href lang loading rowspan src title',
  schemes:
    'ed2k: ftp: http: https: irc: ircs: mailto: news: gopher: nntp: telnet: webcal: xmpp: callto: feed: svn: urn: aim: ' +
    'rsync: tag: ssh: sftp: rtsp: afs: file: tel: sms:',
  classes: 'mention mention__avatar embed embed--avatar embed__title embed__description embed__image picture',
};

/** How many bodies are in the page at once. */
const batchSize = 20;
/** How many of the bodies are also posted as they are. */
const postedCount = 40;
const pixel = Buffer.from('R0lGODlhAQABAAAAACwAAAAAAQABAAA=', 'base64');

/** Runs the program that prints the bodies. */
const corpus = (...more: string[]) =>
  promisify(execFile)('cargo', ['run', '--quiet', '-p', 'rich_text', '--example', 'corpus', ...more], {
    cwd: join(import.meta.dirname, '../..'),
    maxBuffer: 2 ** 26,
  });

let renderedBodies: { name: string; html: string }[];
let rawBodies: string[];

// Building the example takes its time where it was not built before.
test.beforeAll(async () => {
  test.setTimeout(600_000);
  renderedBodies = JSON.parse((await corpus()).stdout);
  const folder = await mkdtemp(join(tmpdir(), 'corpus-'));
  await corpus('--', folder);
  const files = (await readdir(folder)).sort();
  rawBodies = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  await rm(folder, { recursive: true });
});

/** Notes all that hostile markup must not bring about in this page. */
async function recordViolations(page: Page, server: Server): Promise<string[]> {
  const violations: string[] = [];
  await page.exposeFunction('violated', (what: string) => void violations.push(`policy: ${what}`));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      const { violated } = window as unknown as { violated: (what: string) => void };
      violated(`${event.effectiveDirective} ${event.blockedURI} ${event.sample}`);
    });
  });
  page.on('dialog', (dialog) => {
    violations.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('pageerror', (error) => violations.push(`error: ${error.message}`));
  page.on('popup', (popup) => violations.push(`popup: ${popup.url()}`));
  page.on('framenavigated', (frame) => {
    if (new URL(frame.url()).origin !== server.url) violations.push(`navigation: ${frame.url()}`);
  });
  page.on('request', (request) => {
    const { origin, pathname } = new URL(request.url());
    const isOurs = /^\/($|rooms\/1$|(api|assets|pictures|users|sounds)\/|[\w.-]+$)/.test(pathname);
    if (origin !== server.url || !isOurs) violations.push(`request: ${request.url()}`);
  });
  return violations;
}

/** What is in these elements that may not be: by the lists above, as the browser understood the markup. */
function findDisallowedMarkup(
  containers: Element[],
  { elements, attributes, schemes, classes }: typeof allowed,
): string[] {
  const wrong: string[] = [];
  const has = (list: string, one: string) => list.split(' ').includes(one);
  for (const container of containers) {
    for (const element of Array.from(container.querySelectorAll('*'))) {
      // The client colours code after it has received it.
      if (element.localName === 'span' && element.closest('pre') && /^hljs/.test(element.className)) continue;
      if (!has(elements, element.localName)) wrong.push(`<${element.localName}>`);
      for (const { name, value } of Array.from(element.attributes)) {
        const isOurs = element.localName === 'a' && ['target', 'rel'].includes(name);
        const isHidden = element.localName === 'img' && name === 'hidden';
        if (!isOurs && !isHidden && !has(attributes, name)) wrong.push(`<${element.localName} ${name}="${value}">`);
        if (name === 'class' && !value.split(' ').every((one) => has(classes, one) || /^(hljs|language-)/.test(one)))
          wrong.push(`class ${value}`);
      }
      if (element instanceof HTMLAnchorElement && element.href && !has(schemes, element.protocol))
        wrong.push(element.href);
      if (element instanceof HTMLImageElement && new URL(element.src, location.href).origin !== location.origin)
        wrong.push(element.src);
    }
  }
  return wrong;
}

test('what the server makes of hostile bodies is harmless in a page under its own policy', async ({
  page,
  signIn,
  server,
}) => {
  expect(renderedBodies.length).toBeGreaterThan(300);
  await signIn(page.context());
  const violations = await recordViolations(page, server);
  await page.route(/\/(pictures\/|users\/x\/)/, (route) => route.fulfill({ contentType: 'image/gif', body: pixel }));
  await page.goto('/');
  await expect(page.getByRole('log')).toBeVisible();
  await page.evaluate(() => {
    const place = document.createElement('div');
    place.id = 'corpus';
    document.querySelector('[role=log]')?.append(place);
  });
  const place = page.locator('#corpus');
  // Some at a time: one by one would take long, and all at once would not tell which.
  for (let from = 0; from < renderedBodies.length; from += batchSize) {
    const some = renderedBodies.slice(from, from + batchSize);
    const names = some.map(({ name }) => name).join(', ');
    await place.evaluate((place, some) => {
      place.replaceChildren(...some.map(() => document.createElement('div')));
      some.forEach(({ html }, index) => {
        const body = place.children.item(index);
        if (!body) return;
        body.className = 'message__body';
        body.innerHTML = html;
      });
      // What the policy stops is told a moment later.
      return new Promise<void>((seen) => requestAnimationFrame(() => requestAnimationFrame(() => seen())));
    }, some);
    expect
      .soft(await page.locator('#corpus > .message__body').evaluateAll(findDisallowedMarkup, allowed), names)
      .toEqual([]);
    expect.soft(violations.splice(0), names).toEqual([]);
  }
  expect(violations).toEqual([]);
});

test('the judge of this file finds what is wrong', async ({ page, signIn, server }) => {
  await signIn(page.context());
  const violations = await recordViolations(page, server);
  await page.goto('/');
  await expect(page.getByRole('log')).toBeVisible();
  await page.evaluate(() => {
    const place = document.createElement('div');
    place.id = 'corpus';
    document.body.append(place);
    place.innerHTML =
      '<a href="javascript:x">x</a><p id="x">x</p><img src="https://elsewhere.invalid/x.png" onerror="alert(1)"><form></form>';
  });
  expect(await page.locator('#corpus').evaluateAll(findDisallowedMarkup, allowed)).toEqual([
    'javascript:x',
    '<p id="x">',
    '<img onerror="alert(1)">',
    'https://elsewhere.invalid/x.png',
    '<form>',
  ]);
  await expect.poll(() => violations.filter((violation) => violation.startsWith('policy: '))).not.toEqual([]);
});

test('hostile bodies that are posted do no harm in the room they are in', async ({ page, signIn, server, cookie }) => {
  const small = rawBodies.filter((body) => body.trim() !== '' && body.length < 2_000);
  const every = Math.floor(small.length / postedCount);
  let taken = 0;
  for (const body of small.filter((_, index) => index % every === 0).slice(0, postedCount)) {
    const response = await server.request(cookie, 'POST', 'rooms/1/messages', { body });
    // What has no content is refused.
    expect([201, 422], body).toContain(response.status);
    if (response.status === 201) taken += 1;
  }
  expect(taken).toBeGreaterThan(postedCount / 2);
  await signIn(page.context());
  const violations = await recordViolations(page, server);
  await page.goto('/');
  await expect(page.locator('.message')).toHaveCount(taken);
  expect(await messageBodies(page).evaluateAll(findDisallowedMarkup, allowed)).toEqual([]);
  await sendMessage(page, 'still here');
  await expect(page.locator('.message')).toHaveCount(taken + 1);
  expect(violations).toEqual([]);
});
