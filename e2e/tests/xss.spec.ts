// Hostile HTML in a real browser: no script runs, nothing is fetched from other origins, the Content Security Policy holds.
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, type Page } from '@playwright/test';
import type { Server } from '../server';
import { test } from './fixtures';
import { messageBodies, sendMessage } from './helpers';

/** What a sanitized body may contain. */
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

/** Bodies in the page at the same time. */
const batchSize = 20;
/** Raw bodies that are also posted. */
const postedCount = 40;
const pixel = Buffer.from('R0lGODlhAQABAAAAACwAAAAAAQABAAA=', 'base64');

/** Runs the example program of `rich_text` that prints the bodies, sanitized or (with a folder) raw. */
const corpus = (...more: string[]) =>
  promisify(execFile)('cargo', ['run', '--quiet', '-p', 'rich_text', '--example', 'corpus', ...more], {
    cwd: join(import.meta.dirname, '../..'),
    maxBuffer: 2 ** 26,
  });

let renderedBodies: { name: string; html: string }[];
let rawBodies: string[];

// Compiling the example can take minutes.
test.beforeAll(async () => {
  test.setTimeout(600_000);
  renderedBodies = JSON.parse((await corpus()).stdout);
  const folder = await mkdtemp(join(tmpdir(), 'corpus-'));
  await corpus('--', folder);
  const files = (await readdir(folder)).sort();
  rawBodies = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  await rm(folder, { recursive: true });
});

/** Records everything that hostile markup must not cause: policy violations, dialogs, errors, popups, navigation, requests. */
async function recordViolations(page: Page, server: Server): Promise<string[]> {
  const violations: string[] = [];
  await page.exposeFunction('violated', (violation: string) => void violations.push(`policy: ${violation}`));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      const { violated } = window as unknown as { violated: (violation: string) => void };
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

/** Lists elements, attributes, schemes and classes that are not in `allowed`, as parsed by the browser. Runs in the page. */
function findDisallowedMarkup(
  containers: Element[],
  { elements, attributes, schemes, classes }: typeof allowed,
): string[] {
  const wrong: string[] = [];
  const has = (list: string, one: string) => list.split(' ').includes(one);
  for (const container of containers) {
    for (const element of Array.from(container.querySelectorAll('*'))) {
      // The client adds syntax highlighting itself.
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

test('sanitized hostile bodies are harmless in the page', async ({ page, signIn, server }) => {
  expect(renderedBodies.length).toBeGreaterThan(300);
  await signIn(page.context());
  const violations = await recordViolations(page, server);
  await page.route(/\/(pictures\/|users\/x\/)/, (route) => route.fulfill({ contentType: 'image/gif', body: pixel }));
  await page.goto('/');
  await expect(page.getByRole('log')).toBeVisible();
  await page.evaluate(() => {
    const container = document.createElement('div');
    container.id = 'corpus';
    document.querySelector('[role=log]')?.append(container);
  });
  const container = page.locator('#corpus');
  // In batches: one by one is slow, and all at once does not show which body fails.
  for (let from = 0; from < renderedBodies.length; from += batchSize) {
    const batch = renderedBodies.slice(from, from + batchSize);
    const names = batch.map(({ name }) => name).join(', ');
    await container.evaluate((container, batch) => {
      container.replaceChildren(...batch.map(() => document.createElement('div')));
      batch.forEach(({ html }, index) => {
        const body = container.children.item(index);
        if (!body) return;
        body.className = 'message__body';
        body.innerHTML = html;
      });
      // Policy violations are reported asynchronously.
      return new Promise<void>((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())));
    }, batch);
    expect
      .soft(await page.locator('#corpus > .message__body').evaluateAll(findDisallowedMarkup, allowed), names)
      .toEqual([]);
    expect.soft(violations.splice(0), names).toEqual([]);
  }
  expect(violations).toEqual([]);
});

test('the checks of this file detect hostile markup', async ({ page, signIn, server }) => {
  await signIn(page.context());
  const violations = await recordViolations(page, server);
  await page.goto('/');
  await expect(page.getByRole('log')).toBeVisible();
  await page.evaluate(() => {
    const container = document.createElement('div');
    container.id = 'corpus';
    document.body.append(container);
    container.innerHTML =
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

test('posted hostile bodies do no harm in their room', async ({ page, signIn, server, cookie }) => {
  const small = rawBodies.filter((body) => body.trim() !== '' && body.length < 2_000);
  const every = Math.floor(small.length / postedCount);
  let accepted = 0;
  for (const body of small.filter((_, index) => index % every === 0).slice(0, postedCount)) {
    const response = await server.request(cookie, 'POST', 'rooms/1/messages', { body });
    // Bodies without content are rejected.
    expect([201, 422], body).toContain(response.status);
    if (response.status === 201) accepted += 1;
  }
  expect(accepted).toBeGreaterThan(postedCount / 2);
  await signIn(page.context());
  const violations = await recordViolations(page, server);
  await page.goto('/');
  await expect(page.locator('.message')).toHaveCount(accepted);
  expect(await messageBodies(page).evaluateAll(findDisallowedMarkup, allowed)).toEqual([]);
  await sendMessage(page, 'still here');
  await expect(page.locator('.message')).toHaveCount(accepted + 1);
  expect(violations).toEqual([]);
});
