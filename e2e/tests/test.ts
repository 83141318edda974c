// A test that leaves nothing behind: pages that stay open go on working, and slow down whatever comes after them.
import { test as base } from '@playwright/test';

export const test = base.extend<{ tidiness: undefined }>({
  tidiness: [
    async ({ browser }, use) => {
      await use(undefined);
      for (const context of browser.contexts()) await context.close();
    },
    { auto: true },
  ],
});
