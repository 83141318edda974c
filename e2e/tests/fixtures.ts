// Playwright fixtures: each test gets its own server, people and browser pages, and nothing outlives it.
//
// Ask for what you need by name in the test's parameters:
//
//   test('grace sees what ada writes', async ({ ada, grace }) => {
//     await sendMessage(ada, 'Hello');
//     await expectMessages(grace, ['Hello']);
//   });
//
// - `server`: the release build on a temporary storage directory and a free port. It writes its log to the terminal.
//   `test.use({ settings: { SEARCH_ENABLED: 'false' } })` starts it with other environment variables.
// - `cookie`: Ada's session cookie. Ada did the first run, so she is the administrator. `server.postMessage(cookie, …)` and
//   `server.request(cookie, …)` prepare data without a browser.
// - `ada`, `grace`: pages of two people, each in a browser context of their own, in the room All Talk.
// - `join('Name')`: the page of one more person. `openPageAsAda(options)`: one more page of Ada's, for example on a phone.
//   `openPage(options)`: a page without a session. Relative URLs in `page.goto` are relative to the server.
// - `errors`: uncaught exceptions and Content Security Policy violations of all pages. The test fails if there are any.
//
// `helpers.ts` holds what most tests do with a page. `push-device.ts` and `../fake-push-service.ts` replace what Chromium
// asks of a push service, `../fake-bots-api.ts` answers for the bots API.
//
// Debugging a failing test (build first: `cargo build --release -p campfire`; run from `e2e/`):
//
//   npx playwright test chat -g "closed tab"      one file, one test
//   npx playwright test chat --headed             watch the browser
//   npx playwright test chat --debug              step through in the inspector
//   npx playwright test chat --repeat-each 20     find out how flaky it is
//   npx playwright test chat --trace on           record the page around each action, its requests and its console
//   npx playwright show-trace test-results/…/trace.zip
//
// A failed test leaves a screenshot in `e2e/test-results/`; on GitHub also a trace (artifact `playwright`). `await page.pause()`
// stops a headed test at that line. `CAMPFIRE=…` runs another build of the server, `CHROMIUM=…` another browser.
import { type BrowserContext, type BrowserContextOptions, test as base, expect, type Page } from '@playwright/test';
import { Server } from '../server';
import { fillSignUpForm, recordPageErrors } from './helpers';

/** Opens a page in an existing context, or in a new one with these options. */
type OpenPage = (where?: BrowserContext | BrowserContextOptions) => Promise<Page>;

interface Fixtures {
  /** The server's settings, as environment variables. */
  settings: Record<string, string>;
  server: Server;
  /** Errors of all pages; must be empty when the test ends. */
  errors: string[];
  /** Ada's session cookie; asking for it does the first run. */
  cookie: string;
  /** Opens a page without a session. */
  openPage: OpenPage;
  /** Signs Ada in, also for another URL of the server. */
  signIn: (context: BrowserContext, url?: string) => Promise<void>;
  /** Opens a page where Ada is signed in; navigate yourself. */
  openPageAsAda: OpenPage;
  /** Ada's page, in the room All Talk. */
  ada: Page;
  joinLink: string;
  /** Signs a person up through the join link, in a new browser context. */
  join: (name: string, options?: BrowserContextOptions) => Promise<Page>;
  /** Grace's page, in the room All Talk. */
  grace: Page;
  closePages: undefined;
}

export const test = base.extend<Fixtures>({
  settings: [{}, { option: true }],

  server: async ({ settings }, use) => {
    const server = await Server.start(settings);
    await use(server);
    await server.remove();
  },

  baseURL: async ({ server }, use) => use(server.url),

  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads a fixture's dependencies from this pattern
  errors: async ({}, use) => {
    const errors: string[] = [];
    await use(errors);
    expect(errors).toEqual([]);
  },

  // Open pages keep running and slow down the tests that follow. Close them before the server stops.
  closePages: [
    async ({ browser, server: _, errors: __ }, use) => {
      await use(undefined);
      for (const context of browser.contexts()) await context.close();
    },
    { auto: true },
  ],

  cookie: async ({ server }, use) => use(await server.firstRun()),

  openPage: async ({ browser, errors }, use) => {
    await use(async (where) => {
      const context = where && 'newPage' in where ? where : await browser.newContext(where);
      const page = await context.newPage();
      recordPageErrors(page, errors);
      return page;
    });
  },

  signIn: async ({ server, cookie }, use) => {
    const [name = '', ...value] = cookie.split('=');
    await use((context, url = server.url) => context.addCookies([{ name, value: value.join('='), url }]));
  },

  openPageAsAda: async ({ openPage, signIn }, use) => {
    await use(async (where) => {
      const page = await openPage(where);
      await signIn(page.context());
      return page;
    });
  },

  ada: async ({ openPageAsAda }, use) => {
    const page = await openPageAsAda();
    await page.goto('/');
    await expect(page.getByRole('heading', { name: 'All Talk' })).toBeVisible();
    await use(page);
  },

  joinLink: async ({ ada }, use) => use(await ada.getByRole('textbox', { name: 'Join link' }).inputValue()),

  join: async ({ openPage, joinLink }, use) => {
    await use(async (name, options) => {
      const page = await openPage(options);
      await page.goto(joinLink);
      await fillSignUpForm(page, name, `${name.split(' ')[0]?.toLowerCase()}@example.com`, 'Join');
      await expect(page.getByRole('heading', { name: 'All Talk' })).toBeVisible();
      return page;
    });
  },

  grace: async ({ join }, use) => use(await join('Grace Hopper')),
});
