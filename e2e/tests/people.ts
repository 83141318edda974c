// What the tests' people do, in words that the interface uses.
import { type BrowserContext, expect, type Page } from '@playwright/test';

/** Opens a page that fails its test when the browser reports an error or a policy violation. */
export async function open(context: BrowserContext, faults: string[]): Promise<Page> {
  const page = await context.newPage();
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (/Content.Security.Policy|Refused to/i.test(message.text())) faults.push(message.text());
  });
  return page;
}

export async function fillTag(page: Page, name: string, email: string, submit: string): Promise<void> {
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Email address').fill(email);
  await page.getByLabel('Password').fill('correct horse');
  await page.getByRole('button', { name: submit }).click();
}

export async function say(page: Page, text: string): Promise<void> {
  await page.getByLabel('Write a message').fill(text);
  await page.getByLabel('Write a message').press('Enter');
}

export const bodies = (page: Page) => page.locator('.message .message__body');

/** Waits until the page shows exactly these texts and nothing waits to be sent. */
export async function shows(page: Page, texts: string[]): Promise<void> {
  await expect(bodies(page)).toHaveText(texts);
  await expect(page.locator('.message--pending, .message--failed')).toHaveCount(0);
}
