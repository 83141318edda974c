// What most tests do with a page.
import { expect, type Page } from '@playwright/test';

export const desktop = { viewport: { width: 1280, height: 800 } };
export const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/** Records uncaught exceptions and violations of the Content Security Policy. */
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

/** The composer's text field. It is a plain field at first and becomes the Trix editor. */
export const composer = (page: Page) => page.getByRole('textbox', { name: 'Write a message' });

export async function sendMessage(page: Page, text: string): Promise<void> {
  await composer(page).fill(text);
  await composer(page).press('Enter');
}

/** The editor of a message that is being edited. */
export const messageEditor = (page: Page) =>
  page.getByRole('textbox', { name: 'Edit message' }).and(page.locator('trix-editor'));

/** The messages that contain this text. */
export const message = (page: Page, text: string) => page.locator('.message').filter({ hasText: text });

export const messageBodies = (page: Page) => page.locator('.message .message__body');

/** Waits until the page shows exactly these messages and none is pending or failed. */
export async function expectMessages(page: Page, texts: string[]): Promise<void> {
  await expect(messageBodies(page)).toHaveText(texts);
  await expect(page.locator('.message--pending, .message--failed')).toHaveCount(0);
}

/** Waits until the Trix editor has replaced the plain field. It is loaded after the page. */
export async function waitForComposer(page: Page): Promise<void> {
  await expect(page.locator('trix-editor')).toBeVisible();
}

/** Pixels by which the page is wider than the screen. */
export const horizontalOverflow = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
