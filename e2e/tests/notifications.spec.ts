// Notifications: from what somebody writes, encrypted through a push service, to what the device shows and where it leads.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { PushService } from '../fake-push-service';
import type { Server } from '../server';
import { test as base } from './fixtures';
import { field, ready, say, shows } from './helpers';
import { Device, installed } from './push-device';

interface Fixtures {
  pushes: PushService;
  /** Ada's device. */
  device: Device;
}

const test = base.extend<Fixtures>({
  pushes: async ({ faults }, use) => {
    const service = await PushService.start(faults);
    await use(service);
    service.stop();
  },
  settings: async ({ pushes }, use) => use({ PUSH_SERVICES: pushes.url }),
  device: async ({ browser, pushes }, use) => use(await Device.at(pushes, await browser.newContext())),
  ada: async ({ device, openAsAda }, use) => {
    const page = await openAsAda(device.context);
    await page.goto('/');
    await installed(page);
    await use(page);
  },
});

const bell = (page: Page) => page.getByRole('button', { name: /^Notifications for this room/ });
const panel = (page: Page) => page.getByRole('region', { name: 'Notifications', exact: true });

/** Turns notifications on at the bell; whom the browser asks says yes. */
async function turnOn(page: Page): Promise<void> {
  await page.context().grantPermissions(['notifications']);
  await bell(page).click();
  // The bell stops calling at the first press already.
  const told = page.waitForResponse(
    (response) => response.request().method() === 'POST' && response.url().endsWith('/api/v1/push_subscriptions'),
  );
  await page.getByRole('menuitem', { name: 'Turn on notifications on this device' }).click();
  expect((await told).ok()).toBe(true);
  await expect(bell(page)).not.toHaveClass(/icon-button--calling/);
}

async function hearAll(page: Page): Promise<void> {
  await bell(page).click();
  await page.getByRole('menuitemradio', { name: 'Notifying about all messages' }).click();
  await expect(bell(page)).toHaveAccessibleName(/all messages/);
}

/** Goes to where no room is, and waits until the server knows: who looks at a room is not notified of it. */
async function lookAway(page: Page, server: Server, cookie: string, to = '/users/me/profile'): Promise<void> {
  if (to === '/users/me/profile') await page.getByRole('link', { name: /Ada Lovelace.*settings/i }).click();
  else await page.goto(to);
  await expect
    .poll(async () => {
      const members = await (await server.ask(cookie, 'GET', 'rooms/1/members')).json();
      return (members as { name: string; connected: boolean }[]).filter(({ connected }) => connected);
    })
    .toEqual([expect.objectContaining({ name: 'Grace Hopper' })]);
}

const devices = async (server: Server, cookie: string) => {
  const response = await server.ask(cookie, 'GET', 'push_subscriptions');
  return (await response.json()) as { id: number; endpoint_host: string }[];
};

/** What the push service took. */
const bodies = ({ taken }: PushService) => taken.map(({ text }) => JSON.parse(text).options.body as string);

const allTalk = { title: 'All Talk', icon: '/account/logo', tag: 'campfire:/rooms/1', path: '/rooms/1' };

test('what Grace writes reaches Ada’s device through its push service, and leads to its room', async ({
  ada,
  grace,
  device,
  pushes,
  server,
  cookie,
}) => {
  await expect(bell(ada)).toHaveClass(/icon-button--calling/);
  await turnOn(ada);
  await hearAll(ada);
  const noted = await device.note();
  await lookAway(ada, server, cookie);
  await say(grace, 'Hello there');
  const hello = { ...allTalk, body: 'Grace Hopper: Hello there' };
  await expect.poll(() => device.shown()).toEqual([hello]);
  const [push] = pushes.taken;
  expect(push).toMatchObject({ ttl: '2419200', urgency: 'high' });
  expect(JSON.parse(push?.text ?? '')).toEqual({
    title: 'All Talk',
    options: { body: hello.body, icon: '/account/logo', data: { path: '/rooms/1', badge: 1 } },
  });
  await expect.poll(noted).toEqual({ badges: [1], windows: [] });
  await say(grace, 'Are you there?');
  const several = { ...allTalk, title: 'All Talk (2)', body: 'Grace Hopper: Are you there?' };
  await expect.poll(() => device.shown()).toEqual([several]);

  // The page that is open goes there, without being loaded anew.
  await ada.evaluate(() => {
    (window as { same?: boolean }).same = true;
  });
  await device.press(allTalk.tag);
  await expect(ada).toHaveURL('/rooms/1');
  await shows(ada, ['Hello there', 'Are you there?']);
  expect(await ada.evaluate(() => (window as { same?: boolean }).same)).toBe(true);
  await expect.poll(() => device.shown()).toEqual([]);

  // Whoever looks is told nothing; with Campfire closed a window is opened.
  await say(grace, 'Here you are');
  await shows(ada, ['Hello there', 'Are you there?', 'Here you are']);
  await lookAway(ada, server, cookie, 'about:blank');
  await say(grace, 'Gone again?');
  await expect.poll(() => device.shown()).toEqual([{ ...allTalk, body: 'Grace Hopper: Gone again?' }]);
  expect(bodies(pushes).map((body) => body.replace('Grace Hopper: ', ''))).toEqual([
    'Hello there',
    'Are you there?',
    'Gone again?',
  ]);
  await device.press(allTalk.tag);
  await expect.poll(noted).toEqual({ badges: [1, 1, 1], windows: ['/rooms/1'] });
});

test('as long as the bell says so, only what mentions Ada reaches her, and what is meant for her alone', async ({
  ada,
  grace,
  device,
  pushes,
  server,
  cookie,
}) => {
  await turnOn(ada);
  await lookAway(ada, server, cookie);
  await say(grace, 'Not for anybody');
  await ready(grace);
  await field(grace).focus();
  await grace.keyboard.type('Over to you, @ada');
  await expect(grace.getByRole('option')).toHaveText([/Ada Lovelace/]);
  await grace.keyboard.press('Enter');
  await grace.keyboard.press('Enter');
  await expect
    .poll(() => bodies(pushes))
    .toEqual([expect.stringMatching(/^Grace Hopper: Over to you, @?Ada Lovelace$/)]);

  await grace.goto('/rooms/directs/new');
  const people = grace.getByRole('combobox', { name: 'Who do you want to ping?' });
  await people.fill('ada');
  await expect(grace.getByRole('option')).toContainText(['Ada Lovelace']);
  await people.press('Enter');
  await people.press('Enter');
  await say(grace, 'Between us');
  await expect
    .poll(async () => (await device.shown()).map(({ title, body }) => `${title}: ${body}`))
    .toContain('Grace Hopper: Between us');
  expect(pushes.taken).toHaveLength(2);
  await device.press('campfire:/rooms/2');
  await expect(ada.getByRole('heading', { name: 'Ping with Grace Hopper' })).toBeVisible();
  await shows(ada, ['Between us']);
});

test('notifications are turned on by a click, tried, and turned off', async ({
  ada,
  grace,
  device,
  pushes,
  server,
  cookie,
}) => {
  await hearAll(ada);
  await lookAway(ada, server, cookie);
  await expect(panel(ada)).toContainText('This device doesn’t notify you.');
  await device.context.grantPermissions(['notifications']);
  await panel(ada).getByRole('button', { name: 'Turn on notifications' }).click();
  await expect(panel(ada)).toContainText('This device notifies you.');
  await expect(panel(ada).getByRole('listitem')).toContainText(['This device · through 127.0.0.1']);
  expect(await devices(server, cookie)).toMatchObject([{ endpoint_host: '127.0.0.1' }]);
  await panel(ada)
    .getByRole('button', { name: /Send a test notification/ })
    .click();
  await expect(ada.getByText('A test notification is on its way.')).toBeVisible();
  const trial = { title: 'Campfire', icon: '/account/logo', tag: 'campfire:/', path: '/' };
  await expect.poll(() => device.shown()).toEqual([{ ...trial, body: 'Notifications work on this device.' }]);

  await ada.reload();
  await expect(panel(ada)).toContainText('This device notifies you.');
  await panel(ada).getByRole('button', { name: 'Turn off' }).click();
  await expect(panel(ada)).toContainText('This device doesn’t notify you.');
  await expect(panel(ada).getByRole('listitem')).toHaveCount(0);
  expect(device.subscription).toBeNull();
  expect(await devices(server, cookie)).toEqual([]);
  await say(grace, 'Nobody hears this');
  await shows(grace, ['Nobody hears this']);

  await panel(ada).getByRole('button', { name: 'Turn on notifications' }).click();
  await expect(panel(ada)).toContainText('This device notifies you.');
  await panel(ada)
    .getByRole('button', { name: /^No more notifications on/ })
    .click();
  await expect(panel(ada)).toContainText('This device doesn’t notify you.');
  expect(await devices(server, cookie)).toEqual([]);
  await say(grace, 'Nor this');
  await shows(grace, ['Nobody hears this', 'Nor this']);
  await panel(ada).getByRole('button', { name: 'Turn on notifications' }).click();
  await expect(panel(ada)).toContainText('This device notifies you.');
  await say(grace, 'This is heard');
  await expect
    .poll(() => bodies(pushes))
    .toEqual(['Notifications work on this device.', 'Grace Hopper: This is heard']);
});

test('a device that its push service knows no more is forgotten', async ({
  ada,
  grace,
  device,
  pushes,
  server,
  cookie,
}) => {
  await turnOn(ada);
  await hearAll(ada);
  await lookAway(ada, server, cookie);
  await expect(panel(ada).getByRole('listitem')).toHaveCount(1);
  pushes.forget(device.subscription);
  await say(grace, 'Hello there');
  await expect.poll(() => devices(server, cookie)).toEqual([]);
  // The page notices when it is opened next, and offers to begin anew.
  await ada.reload();
  await expect(panel(ada)).toContainText('This device doesn’t notify you.');
  await expect(panel(ada).getByRole('listitem')).toHaveCount(0);
  await panel(ada).getByRole('button', { name: 'Turn on notifications' }).click();
  await expect(panel(ada)).toContainText('This device notifies you.');
  await say(grace, 'Hello again');
  await expect.poll(() => device.shown()).toEqual([{ ...allTalk, body: 'Grace Hopper: Hello again' }]);
});

test('a device subscribes anew when the operator has changed the server’s keys', async ({
  ada,
  grace,
  device,
  server,
  cookie,
}) => {
  await turnOn(ada);
  await hearAll(ada);
  const before = device.subscription;
  await server.down('SIGTERM');
  await rm(join(server.storage, 'vapid_private_key'));
  await server.up();
  await ada.reload();
  await expect.poll(() => device.subscription?.endpoint).not.toBe(before?.endpoint);
  await expect.poll(async () => (await devices(server, cookie)).length).toBeGreaterThan(0);
  await expect(bell(ada)).not.toHaveClass(/icon-button--calling/);
  await lookAway(ada, server, cookie);
  await say(grace, 'With new keys');
  await expect.poll(() => device.shown()).toEqual([{ ...allTalk, body: 'Grace Hopper: With new keys' }]);
});

test('a device that was removed elsewhere falls silent', async ({ ada, device, server, cookie }) => {
  await turnOn(ada);
  const [known] = await devices(server, cookie);
  await server.ask(cookie, 'DELETE', `push_subscriptions/${known?.id}`);
  await ada.reload();
  await expect.poll(() => device.subscription).toBeNull();
  expect(await devices(server, cookie)).toEqual([]);

  // The bell knows it as well, and turns them on again.
  await turnOn(ada);
  expect(await devices(server, cookie)).toHaveLength(1);
});

test('signing out ends notifications', async ({ ada, device }) => {
  await turnOn(ada);
  const endpoint = device.subscription?.endpoint;
  await ada.goto('/users/me/profile');
  const told = ada.waitForRequest(
    (request) => request.method() === 'DELETE' && request.url().endsWith('/api/v1/session'),
  );
  await ada.getByRole('button', { name: 'Sign out', exact: true }).click();
  expect((await told).postDataJSON()).toEqual({ push_endpoint: endpoint });
  await expect(ada.getByRole('button', { name: 'Sign in' })).toBeVisible();
  await expect.poll(() => device.subscription).toBeNull();
});

test('what is pushed cannot lead away, and something is always shown', async ({ ada, device }) => {
  await device.context.grantPermissions(['notifications']);
  const push = {
    title: 'Away',
    options: { body: 'x', icon: 'https://example.com/x.png', data: { path: 'https://example.com/' } },
  };
  await device.deliver(JSON.stringify(push));
  await expect
    .poll(() => device.shown())
    .toEqual([{ title: 'Away', body: 'x', icon: '/account/logo', tag: 'campfire:/', path: '/' }]);
  await device.deliver('no JSON');
  await expect.poll(async () => (await device.shown())[0]?.body).toBe('There is something new.');
  await expect(ada).toHaveURL(/\/rooms\/1$/);
});

test('who said no is told where to change that', async ({ openAsAda }) => {
  const page = await openAsAda();
  await page.addInitScript(() => {
    Object.defineProperty(Notification, 'permission', { get: () => 'denied' });
  });
  await page.goto('/users/me/profile');
  const panel = page.getByRole('region', { name: 'Notifications', exact: true });
  await expect(panel).toContainText('This browser doesn’t let Campfire notify you.');
  await expect(panel.getByText('Set “Notifications” to “Allow”.')).toBeVisible();
  await expect(panel.getByRole('button', { name: 'Turn on notifications' })).toHaveCount(0);
  await page.goto('/rooms/1');
  await page.getByRole('button', { name: /Notifications for this room/ }).click();
  await page.getByRole('menuitem', { name: 'Why you aren’t notified here' }).click();
  await expect(page.getByRole('dialog', { name: 'Notifications aren’t allowed' })).toContainText('left of the address');
});
