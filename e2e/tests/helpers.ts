// What the tests' people do, in words that the interface uses.
import { expect, type Page } from '@playwright/test';

export const desktop = { viewport: { width: 1280, height: 800 } };
export const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/** Notes what the browser reports of errors and violations of the policy. */
export function recordPageErrors(page: Page, errors: string[]): void {
  page.on('pageerror', (error) => errors.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (/Content.Security.Policy|Refused to/i.test(message.text())) errors.push(message.text());
  });
}

export async function fillSignUpForm(page: Page, name: string, email: string, submit: string): Promise<void> {
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Email address').fill(email);
  await page.getByLabel('Password').fill('correct horse');
  await page.getByRole('button', { name: submit }).click();
}

/** Where one writes. */
export const composer = (page: Page) => page.getByRole('textbox', { name: 'Write a message' });

export async function sendMessage(page: Page, text: string): Promise<void> {
  await composer(page).fill(text);
  await composer(page).press('Enter');
}

/** Where a message is changed: the real editor, which takes what is typed. */
export const messageEditor = (page: Page) =>
  page.getByRole('textbox', { name: 'Edit message' }).and(page.locator('trix-editor'));

/** The messages with this text. */
export const message = (page: Page, text: string) => page.locator('.message').filter({ hasText: text });

export const messageBodies = (page: Page) => page.locator('.message .message__body');

/** Waits until the page shows exactly these texts and nothing waits to be sent. */
export async function expectMessages(page: Page, texts: string[]): Promise<void> {
  await expect(messageBodies(page)).toHaveText(texts);
  await expect(page.locator('.message--pending, .message--failed')).toHaveCount(0);
}

/** Waits until the field is the real editor, which comes after the first screen. */
export async function waitForComposer(page: Page): Promise<void> {
  await expect(page.locator('trix-editor')).toBeVisible();
}

/** How far the page can be moved sideways, which nobody should have to. */
export const horizontalOverflow = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
