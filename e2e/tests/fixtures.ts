// A test with the program, and with the browsers of the people who use it; afterwards nothing of that is left.
import { type BrowserContext, type BrowserContextOptions, test as base, expect, type Page } from '@playwright/test';
import { Server } from '../server';
import { fillSignUpForm, recordPageErrors } from './helpers';

/** Opens a page: in this browser, or in a new one that is set up so. */
type OpenPage = (where?: BrowserContext | BrowserContextOptions) => Promise<Page>;

interface Fixtures {
  /** What the operator decides, as environment variables. */
  settings: Record<string, string>;
  /** A program of its own, started and set up by nobody. Addresses without an origin are its. */
  server: Server;
  /** What went wrong in the pages; a test fails when there is anything at its end. */
  errors: string[];
  /** Ada's, who set the installation up and so is the administrator. */
  cookie: string;
  /** Opens a page where nobody is signed in. */
  openPage: OpenPage;
  /** Signs Ada in, also where the server is reached at another address. */
  signIn: (context: BrowserContext, url?: string) => Promise<void>;
  /** Opens a page where Ada is signed in. */
  openPageAsAda: OpenPage;
  /** Ada, in her first room. */
  ada: Page;
  /** With this, others join. */
  joinLink: string;
  /** Somebody joins, in a browser of their own. */
  join: (name: string, options?: BrowserContextOptions) => Promise<Page>;
  /** Grace, who has joined, in her first room. */
  grace: Page;
  tidiness: undefined;
}

export const test = base.extend<Fixtures>({
  settings: [{}, { option: true }],

  server: async ({ settings }, use) => {
    const server = await Server.start(settings);
    await use(server);
    await server.remove();
  },

  baseURL: async ({ server }, use) => use(server.url),

  // biome-ignore lint/correctness/noEmptyPattern: what a fixture builds upon is told by this pattern
  errors: async ({}, use) => {
    const errors: string[] = [];
    await use(errors);
    expect(errors).toEqual([]);
  },

  // Pages that stay open go on working, and slow down whatever comes after them. They end before the server does.
  tidiness: [
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
