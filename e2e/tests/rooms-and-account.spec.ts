// Rooms and their settings, profiles, devices, and account administration.
import { expect, type Page } from '@playwright/test';
import { test } from './fixtures';
import { composer, expectMessages, sendMessage } from './helpers';

const confirmation = (page: Page) => page.getByRole('alertdialog');

/** Creates a closed room with these members, opens it and returns its ID. */
async function createClosedRoom(page: Page, name: string, people: string[]): Promise<string> {
  await page.goto('/rooms/closeds/new');
  await page.getByLabel('Room name').fill(name);
  for (const person of people) await page.getByRole('switch', { name: `Give ${person} access to this room` }).click();
  await page.getByRole('button', { name: 'Create room' }).click();
  await expect(page.getByRole('heading', { name, exact: true })).toBeVisible();
  return new URL(page.url()).pathname.split('/').at(-1) ?? '';
}

test('creating, opening, closing and deleting a room updates other members live', async ({ ada, grace }) => {
  const room = await createClosedRoom(ada, 'Secret plans', []);
  await expect(grace.getByRole('link', { name: 'Secret plans' })).toHaveCount(0);

  await ada.goto(`/rooms/closeds/${room}/edit`);
  await ada.getByLabel('Room name').fill('Plans');
  await ada.getByRole('switch', { name: 'Give everyone access to this room' }).click();
  await ada.getByRole('button', { name: 'Save changes' }).click();
  await expect(grace.getByRole('link', { name: 'Plans' })).toBeVisible();

  await ada.goto(`/rooms/opens/${room}/edit`);
  await ada.getByRole('switch', { name: 'Give only some access to this room' }).click();
  await ada.getByRole('switch', { name: 'Give Grace Hopper access to this room' }).click();
  await ada.getByRole('button', { name: 'Save changes' }).click();
  await expect(confirmation(ada)).toContainText('only 1 person will see it');
  await confirmation(ada).getByRole('button', { name: 'Close room' }).click();
  await expect(grace.getByRole('link', { name: 'Plans' })).toHaveCount(0);

  await ada.goto(`/rooms/closeds/${room}/edit`);
  await ada.getByRole('button', { name: 'Delete Plans' }).click();
  await expect(confirmation(ada)).toContainText('all messages in it');
  await confirmation(ada).getByRole('button', { name: 'Delete for good' }).click();
  await expect(ada.getByRole('link', { name: 'Plans' })).toHaveCount(0);
});

test('members can see a room’s settings and leave it', async ({ ada, grace }) => {
  const room = await createClosedRoom(ada, 'Compilers', ['Grace Hopper']);
  await grace.goto(`/rooms/closeds/${room}/edit`);
  await expect(
    grace.getByText('Only administrators and the person who created this room can change it.'),
  ).toBeVisible();
  await expect(grace.getByRole('switch')).toHaveCount(0);
  await grace.getByRole('button', { name: 'Leave room' }).click();
  await confirmation(grace).getByRole('button', { name: 'Leave room' }).click();
  await expect(grace.getByRole('link', { name: 'Compilers' })).toHaveCount(0);
});

test('typing a name starts a ping', async ({ ada, grace }) => {
  await ada.goto('/rooms/directs/new');
  const field = ada.getByRole('combobox', { name: 'Who do you want to ping?' });
  await field.fill('gra');
  await expect(ada.getByRole('option')).toContainText(['Grace Hopper']);
  await field.press('Enter');
  await field.press('Backspace');
  await expect(ada.getByRole('button', { name: 'Remove Grace Hopper' })).toHaveCount(0);
  await field.fill('gra');
  await expect(ada.getByRole('option')).toContainText(['Grace Hopper']);
  await field.press('Enter');
  await field.press('Enter');
  await expect(ada.getByRole('heading', { name: 'Ping with Grace Hopper' })).toBeVisible();
  await sendMessage(ada, 'Are you there?');
  await grace.getByRole('link', { name: /Ada Lovelace/ }).click();
  await expectMessages(grace, ['Are you there?']);
});

test('a profile change is live for others, and an email address in use is rejected', async ({ ada, grace }) => {
  await ada.goto('/account/edit');
  await grace.goto('/users/me/profile');
  await grace.getByLabel('Email address').fill('ada@example.com');
  await grace.getByRole('button', { name: 'Save' }).click();
  await expect(grace.getByText('That email address is already in use.')).toBeVisible();
  await grace.getByLabel('Email address').fill('grace@example.com');
  await grace.getByLabel('Name', { exact: true }).fill('Amazing Grace');
  await grace.getByRole('button', { name: 'Save' }).click();
  await expect(grace.getByText('Saved.')).toBeVisible();
  await expect(ada.getByRole('main').getByRole('link', { name: 'Amazing Grace' })).toBeVisible();
});

test('a sign-in link works once on another device, which can be signed out', async ({ grace, openPage }) => {
  await grace.goto('/users/me/profile');
  await grace.getByRole('button', { name: 'Create a sign-in link' }).click();
  const link = await grace.getByLabel('Your private sign-in link').inputValue();
  await grace.getByRole('button', { name: 'Show QR code' }).click();
  await expect(grace.getByRole('img', { name: `QR code for ${link}` })).toBeVisible();

  const phone = await openPage();
  await phone.goto(link);
  await phone.getByRole('button', { name: 'Sign in' }).click();
  await expect(composer(phone)).toBeVisible();
  const anonymous = await openPage();
  await anonymous.goto(link);
  await anonymous.getByRole('button', { name: 'Sign in' }).click();
  await expect(anonymous.getByText('This sign-in link doesn’t work any more')).toBeVisible();

  await grace.reload();
  await grace.getByRole('button', { name: /^Sign out Chrome/ }).click();
  await expect(phone.getByLabel('Password')).toBeVisible();
});

test('an administrator’s reset link sets a new password and ends other sessions', async ({ ada, grace, openPage }) => {
  await ada.goto('/account/edit');
  await ada.getByRole('main').getByRole('link', { name: 'Grace Hopper' }).click();
  await expect(ada.getByRole('heading', { name: 'Grace Hopper' })).toBeFocused();
  await ada.getByRole('button', { name: 'Create a reset link' }).click();
  const link = await ada.getByLabel('Password reset link').inputValue();

  const elsewhere = await openPage();
  await elsewhere.goto(link);
  await elsewhere.getByLabel('New password').fill('nanoseconds matter');
  await elsewhere.getByRole('button', { name: 'Set password and sign in' }).click();
  await expect(composer(elsewhere)).toBeVisible();
  await expect(grace.getByLabel('Password')).toBeVisible();

  await ada.goto('/account/audit');
  await expect(ada.getByText('Ada Lovelace created a password reset link for Grace Hopper')).toBeVisible();
});

test('custom styles can be previewed, saved for everyone and removed', async ({ ada, grace }) => {
  const heading = (page: Page) => expect(page.getByRole('heading', { level: 1 }));
  const green = ['color', 'rgb(1, 128, 1)'] as const;
  await ada.goto('/account/custom_styles/edit');
  await ada.getByLabel('Custom CSS').fill('h1 { color: rgb(1, 128, 1) }');
  await ada.getByRole('switch', { name: 'Preview' }).click();
  await heading(ada).toHaveCSS(...green);
  await heading(grace).not.toHaveCSS(...green);
  await ada.getByLabel('Custom CSS').press('Control+Enter');
  await heading(grace).toHaveCSS(...green);
  await ada.getByRole('button', { name: 'Remove all custom styles' }).click();
  await confirmation(ada).getByRole('button', { name: 'Remove' }).click();
  await heading(grace).not.toHaveCSS(...green);
  await ada.getByRole('button', { name: 'Undo' }).click();
  await heading(grace).toHaveCSS(...green);
});

test('removing a person signs them out at once', async ({ ada, grace }) => {
  await ada.goto('/account/edit');
  await ada.getByRole('button', { name: 'Delete Grace Hopper' }).click();
  await confirmation(ada).getByRole('button', { name: 'Delete' }).click();
  await expect(ada.getByRole('main').getByRole('link', { name: 'Grace Hopper' })).toHaveCount(0);
  await expect(grace.getByLabel('Password')).toBeVisible();
});

test('members see the account read-only, and pages for administrators say so', async ({ ada, grace }) => {
  await grace.goto('/account/edit');
  await expect(grace.getByLabel('Join link')).toBeVisible();
  await expect(grace.getByRole('main').getByRole('switch')).toHaveCount(0);
  await grace.goto('/account/audit');
  await expect(grace.getByRole('heading', { name: 'For administrators' })).toBeVisible();

  await ada.goto('/account/edit');
  await ada.getByRole('switch', { name: 'Must be admin to create new rooms' }).click();
  await grace.goto('/rooms/opens/new');
  await expect(grace.getByText('Only administrators can create rooms')).toBeVisible();
});
