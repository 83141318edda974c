// A test with the program, and with the browsers of the people who use it; afterwards nothing of that is left.
import { type BrowserContext, type BrowserContextOptions, test as base, expect, type Page } from '@playwright/test';
import { Server } from '../server';
import { fillTag, watch } from './helpers';

/** Opens a page: in this browser, or in a new one that is set up so. */
type Opening = (where?: BrowserContext | BrowserContextOptions) => Promise<Page>;

interface Fixtures {
  /** What the operator decides, as environment variables. */
  settings: Record<string, string>;
  /** A program of its own, started and set up by nobody. Addresses without an origin are its. */
  server: Server;
  /** What went wrong in the pages; a test fails when there is anything at its end. */
  faults: string[];
  /** Ada's, who set the installation up and so is the administrator. */
  cookie: string;
  /** Opens a page where nobody is signed in. */
  open: Opening;
  /** Signs Ada in, also where the server is reached at another address. */
  signIn: (context: BrowserContext, url?: string) => Promise<void>;
  /** Opens a page where Ada is signed in. */
  openAsAda: Opening;
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
  faults: async ({}, use) => {
    const faults: string[] = [];
    await use(faults);
    expect(faults).toEqual([]);
  },

  // Pages that stay open go on working, and slow down whatever comes after them. They end before the server does.
  tidiness: [
    async ({ browser, server: _, faults: __ }, use) => {
      await use(undefined);
      for (const context of browser.contexts()) await context.close();
    },
    { auto: true },
  ],

  cookie: async ({ server }, use) => use(await server.firstRun()),

  open: async ({ browser, faults }, use) => {
    await use(async (where) => {
      const context = where && 'newPage' in where ? where : await browser.newContext(where);
      const page = await context.newPage();
      watch(page, faults);
      return page;
    });
  },

  signIn: async ({ server, cookie }, use) => {
    const [name = '', ...value] = cookie.split('=');
    await use((context, url = server.url) => context.addCookies([{ name, value: value.join('='), url }]));
  },

  openAsAda: async ({ open, signIn }, use) => {
    await use(async (where) => {
      const page = await open(where);
      await signIn(page.context());
      return page;
    });
  },

  ada: async ({ openAsAda }, use) => {
    const page = await openAsAda();
    await page.goto('/');
    await expect(page.getByRole('heading', { name: 'All Talk' })).toBeVisible();
    await use(page);
  },

  joinLink: async ({ ada }, use) => use(await ada.getByRole('textbox', { name: 'Join link' }).inputValue()),

  join: async ({ open, joinLink }, use) => {
    await use(async (name, options) => {
      const page = await open(options);
      await page.goto(joinLink);
      await fillTag(page, name, `${name.split(' ')[0]?.toLowerCase()}@example.com`, 'Join');
      await expect(page.getByRole('heading', { name: 'All Talk' })).toBeVisible();
      return page;
    });
  },

  grace: async ({ join }, use) => use(await join('Grace Hopper')),
});
