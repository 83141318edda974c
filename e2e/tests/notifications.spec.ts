// Push notifications: from a message through an encrypted push to the notification and where a click on it leads.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { FakePushService } from '../fake-push-service';
import type { Server } from '../server';
import { test as base } from './fixtures';
import { composer, expectMessages, sendMessage, waitForComposer } from './helpers';
import { PushDevice, waitForServiceWorker } from './push-device';

interface Fixtures {
  pushService: FakePushService;
  device: PushDevice;
}

const test = base.extend<Fixtures>({
  pushService: async ({ errors }, use) => {
    const service = await FakePushService.start(errors);
    await use(service);
    service.stop();
  },
  settings: async ({ pushService }, use) => use({ PUSH_SERVICES: pushService.url }),
  device: async ({ browser, pushService }, use) =>
    use(await PushDevice.create(pushService, await browser.newContext())),
  ada: async ({ device, openPageAsAda }, use) => {
    const page = await openPageAsAda(device.context);
    await page.goto('/');
    await waitForServiceWorker(page);
    await use(page);
  },
});

const bell = (page: Page) => page.getByRole('button', { name: /^Notifications for this room/ });
const panel = (page: Page) => page.getByRole('region', { name: 'Notifications', exact: true });

/** Turns notifications on with the bell, with the browser's permission granted. */
async function turnOnNotifications(page: Page): Promise<void> {
  await page.context().grantPermissions(['notifications']);
  await bell(page).click();
  // The bell changes before the server has saved the subscription.
  const saved = page.waitForResponse(
    (response) => response.request().method() === 'POST' && response.url().endsWith('/api/v1/push_subscriptions'),
  );
  await page.getByRole('menuitem', { name: 'Turn on notifications on this device' }).click();
  expect((await saved).ok()).toBe(true);
  await expect(bell(page)).not.toHaveClass(/icon-button--highlight/);
}

async function notifyAboutAllMessages(page: Page): Promise<void> {
  await bell(page).click();
  await page.getByRole('menuitemradio', { name: 'Notifying about all messages' }).click();
  await expect(bell(page)).toHaveAccessibleName(/all messages/);
}

/** Leaves all room pages and waits until the server knows: it does not notify people of a room that they have open. */
async function leaveAllRooms(page: Page, server: Server, cookie: string, to = '/users/me/profile'): Promise<void> {
  if (to === '/users/me/profile') await page.getByRole('link', { name: /Ada Lovelace.*settings/i }).click();
  else await page.goto(to);
  await expect
    .poll(async () => {
      const members = await (await server.request(cookie, 'GET', 'rooms/1/members')).json();
      return (members as { name: string; connected: boolean }[]).filter(({ connected }) => connected);
    })
    .toEqual([expect.objectContaining({ name: 'Grace Hopper' })]);
}

const listSubscriptions = async (server: Server, cookie: string) => {
  const response = await server.request(cookie, 'GET', 'push_subscriptions');
  return (await response.json()) as { id: number; endpoint_host: string }[];
};

/** Notification bodies that the push service accepted, oldest first. */
const notificationBodies = ({ received }: FakePushService) =>
  received.map(({ text }) => JSON.parse(text).options.body as string);

const allTalk = { title: 'All Talk', icon: '/account/logo', tag: 'campfire:/rooms/1', path: '/rooms/1' };

test('a message notifies the device, and clicking the notification opens the room', async ({
  ada,
  grace,
  device,
  pushService,
  server,
  cookie,
}) => {
  await expect(bell(ada)).toHaveClass(/icon-button--highlight/);
  await turnOnNotifications(ada);
  await notifyAboutAllMessages(ada);
  const recorded = await device.recordBadgesAndWindows();
  await leaveAllRooms(ada, server, cookie);
  await sendMessage(grace, 'Hello there');
  const hello = { ...allTalk, body: 'Grace Hopper: Hello there' };
  await expect.poll(() => device.notifications()).toEqual([hello]);
  const [push] = pushService.received;
  expect(push).toMatchObject({ ttl: '2419200', urgency: 'high' });
  expect(JSON.parse(push?.text ?? '')).toEqual({
    title: 'All Talk',
    options: { body: hello.body, icon: '/account/logo', data: { path: '/rooms/1', badge: 1 } },
  });
  await expect.poll(recorded).toEqual({ badges: [1], windows: [] });
  await sendMessage(grace, 'Are you there?');
  const several = { ...allTalk, title: 'All Talk (2)', body: 'Grace Hopper: Are you there?' };
  await expect.poll(() => device.notifications()).toEqual([several]);

  // The open page navigates without a reload.
  await ada.evaluate(() => {
    (window as { same?: boolean }).same = true;
  });
  await device.clickNotification(allTalk.tag);
  await expect(ada).toHaveURL('/rooms/1');
  await expectMessages(ada, ['Hello there', 'Are you there?']);
  expect(await ada.evaluate(() => (window as { same?: boolean }).same)).toBe(true);
  await expect.poll(() => device.notifications()).toEqual([]);

  // A room that is open does not notify. Without an open page, the click opens a window.
  await sendMessage(grace, 'Here you are');
  await expectMessages(ada, ['Hello there', 'Are you there?', 'Here you are']);
  await leaveAllRooms(ada, server, cookie, 'about:blank');
  await sendMessage(grace, 'Gone again?');
  await expect.poll(() => device.notifications()).toEqual([{ ...allTalk, body: 'Grace Hopper: Gone again?' }]);
  expect(notificationBodies(pushService).map((body) => body.replace('Grace Hopper: ', ''))).toEqual([
    'Hello there',
    'Are you there?',
    'Gone again?',
  ]);
  await device.clickNotification(allTalk.tag);
  await expect.poll(recorded).toEqual({ badges: [1, 1, 1], windows: ['/rooms/1'] });
});

test('the default setting notifies of mentions and pings only', async ({
  ada,
  grace,
  device,
  pushService,
  server,
  cookie,
}) => {
  await turnOnNotifications(ada);
  await leaveAllRooms(ada, server, cookie);
  await sendMessage(grace, 'Not for anybody');
  await waitForComposer(grace);
  await composer(grace).focus();
  await grace.keyboard.type('Over to you, @ada');
  await expect(grace.getByRole('option')).toHaveText([/Ada Lovelace/]);
  await grace.keyboard.press('Enter');
  await grace.keyboard.press('Enter');
  await expect
    .poll(() => notificationBodies(pushService))
    .toEqual([expect.stringMatching(/^Grace Hopper: Over to you, @?Ada Lovelace$/)]);

  await grace.goto('/rooms/directs/new');
  const people = grace.getByRole('combobox', { name: 'Who do you want to ping?' });
  await people.fill('ada');
  await expect(grace.getByRole('option')).toContainText(['Ada Lovelace']);
  await people.press('Enter');
  await people.press('Enter');
  await sendMessage(grace, 'Between us');
  await expect
    .poll(async () => (await device.notifications()).map(({ title, body }) => `${title}: ${body}`))
    .toContain('Grace Hopper: Between us');
  expect(pushService.received).toHaveLength(2);
  await device.clickNotification('campfire:/rooms/2');
  await expect(ada.getByRole('heading', { name: 'Ping with Grace Hopper' })).toBeVisible();
  await expectMessages(ada, ['Between us']);
});

test('notifications can be turned on, tested and turned off in the profile', async ({
  ada,
  grace,
  device,
  pushService,
  server,
  cookie,
}) => {
  await notifyAboutAllMessages(ada);
  await leaveAllRooms(ada, server, cookie);
  await expect(panel(ada)).toContainText('This device doesn’t notify you.');
  await device.context.grantPermissions(['notifications']);
  await panel(ada).getByRole('button', { name: 'Turn on notifications' }).click();
  await expect(panel(ada)).toContainText('This device notifies you.');
  await expect(panel(ada).getByRole('listitem')).toContainText(['This device · through 127.0.0.1']);
  expect(await listSubscriptions(server, cookie)).toMatchObject([{ endpoint_host: '127.0.0.1' }]);
  await panel(ada)
    .getByRole('button', { name: /Send a test notification/ })
    .click();
  await expect(ada.getByText('A test notification is on its way.')).toBeVisible();
  const testNotification = { title: 'Campfire', icon: '/account/logo', tag: 'campfire:/', path: '/' };
  await expect
    .poll(() => device.notifications())
    .toEqual([{ ...testNotification, body: 'Notifications work on this device.' }]);

  await ada.reload();
  await expect(panel(ada)).toContainText('This device notifies you.');
  await panel(ada).getByRole('button', { name: 'Turn off' }).click();
  await expect(panel(ada)).toContainText('This device doesn’t notify you.');
  await expect(panel(ada).getByRole('listitem')).toHaveCount(0);
  expect(device.subscription).toBeNull();
  expect(await listSubscriptions(server, cookie)).toEqual([]);
  await sendMessage(grace, 'Notifies no one');
  await expectMessages(grace, ['Notifies no one']);

  await panel(ada).getByRole('button', { name: 'Turn on notifications' }).click();
  await expect(panel(ada)).toContainText('This device notifies you.');
  await panel(ada)
    .getByRole('button', { name: /^No more notifications on/ })
    .click();
  await expect(panel(ada)).toContainText('This device doesn’t notify you.');
  expect(await listSubscriptions(server, cookie)).toEqual([]);
  await sendMessage(grace, 'Nor does this');
  await expectMessages(grace, ['Notifies no one', 'Nor does this']);
  await panel(ada).getByRole('button', { name: 'Turn on notifications' }).click();
  await expect(panel(ada)).toContainText('This device notifies you.');
  await sendMessage(grace, 'This notifies');
  await expect
    .poll(() => notificationBodies(pushService))
    .toEqual(['Notifications work on this device.', 'Grace Hopper: This notifies']);
});

test('a subscription that its push service dropped is deleted', async ({
  ada,
  grace,
  device,
  pushService,
  server,
  cookie,
}) => {
  await turnOnNotifications(ada);
  await notifyAboutAllMessages(ada);
  await leaveAllRooms(ada, server, cookie);
  await expect(panel(ada).getByRole('listitem')).toHaveCount(1);
  pushService.expire(device.subscription);
  await sendMessage(grace, 'Hello there');
  await expect.poll(() => listSubscriptions(server, cookie)).toEqual([]);
  // On its next load the page detects this and offers to subscribe again.
  await ada.reload();
  await expect(panel(ada)).toContainText('This device doesn’t notify you.');
  await expect(panel(ada).getByRole('listitem')).toHaveCount(0);
  await panel(ada).getByRole('button', { name: 'Turn on notifications' }).click();
  await expect(panel(ada)).toContainText('This device notifies you.');
  await sendMessage(grace, 'Hello again');
  await expect.poll(() => device.notifications()).toEqual([{ ...allTalk, body: 'Grace Hopper: Hello again' }]);
});

test('a device subscribes again after the server’s VAPID keys change', async ({
  ada,
  grace,
  device,
  server,
  cookie,
}) => {
  await turnOnNotifications(ada);
  await notifyAboutAllMessages(ada);
  const before = device.subscription;
  await server.stop('SIGTERM');
  await rm(join(server.storagePath, 'vapid_private_key'));
  await server.launch();
  await ada.reload();
  await expect.poll(() => device.subscription?.endpoint).not.toBe(before?.endpoint);
  await expect.poll(async () => (await listSubscriptions(server, cookie)).length).toBeGreaterThan(0);
  await expect(bell(ada)).not.toHaveClass(/icon-button--highlight/);
  await leaveAllRooms(ada, server, cookie);
  await sendMessage(grace, 'With new keys');
  await expect.poll(() => device.notifications()).toEqual([{ ...allTalk, body: 'Grace Hopper: With new keys' }]);
});

test('a device that was removed elsewhere unsubscribes', async ({ ada, device, server, cookie }) => {
  await turnOnNotifications(ada);
  const [subscription] = await listSubscriptions(server, cookie);
  await server.request(cookie, 'DELETE', `push_subscriptions/${subscription?.id}`);
  await ada.reload();
  await expect.poll(() => device.subscription).toBeNull();
  expect(await listSubscriptions(server, cookie)).toEqual([]);

  // The bell offers to turn notifications on again.
  await turnOnNotifications(ada);
  expect(await listSubscriptions(server, cookie)).toHaveLength(1);
});

test('signing out unsubscribes the device', async ({ ada, device }) => {
  await turnOnNotifications(ada);
  const endpoint = device.subscription?.endpoint;
  await ada.goto('/users/me/profile');
  const saved = ada.waitForRequest(
    (request) => request.method() === 'DELETE' && request.url().endsWith('/api/v1/session'),
  );
  await ada.getByRole('button', { name: 'Sign out', exact: true }).click();
  expect((await saved).postDataJSON()).toEqual({ push_endpoint: endpoint });
  await expect(ada.getByRole('button', { name: 'Sign in' })).toBeVisible();
  await expect.poll(() => device.subscription).toBeNull();
});

test('a push cannot link to another origin, and an unreadable push still shows a notification', async ({
  ada,
  device,
}) => {
  await device.context.grantPermissions(['notifications']);
  const push = {
    title: 'Away',
    options: { body: 'x', icon: 'https://example.com/x.png', data: { path: 'https://example.com/' } },
  };
  await device.deliver(JSON.stringify(push));
  await expect
    .poll(() => device.notifications())
    .toEqual([{ title: 'Away', body: 'x', icon: '/account/logo', tag: 'campfire:/', path: '/' }]);
  await device.deliver('no JSON');
  await expect.poll(async () => (await device.notifications())[0]?.body).toBe('There is something new.');
  await expect(ada).toHaveURL(/\/rooms\/1$/);
});

test('when notifications are blocked, the app explains how to allow them', async ({ openPageAsAda }) => {
  const page = await openPageAsAda();
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
  await page.getByRole('menuitem', { name: 'Why this device doesn’t notify you' }).click();
  await expect(page.getByRole('dialog', { name: 'Notifications aren’t allowed' })).toContainText('left of the address');
});
