// A browser's part in pushes: a subscription at the test's push service, and what comes through handed to the browser itself.
import type { BrowserContext, Page, Worker } from '@playwright/test';
import type { PushService, Subscription } from '../push-service';

/** Waits until the worker has kept everything and controls the page. */
export async function installed(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const { active } = await navigator.serviceWorker.ready;
    if (active?.state !== 'activated')
      await new Promise((done) =>
        active?.addEventListener('statechange', () => active.state === 'activated' && done(null)),
      );
    if (!navigator.serviceWorker.controller)
      await new Promise((done) => navigator.serviceWorker.addEventListener('controllerchange', done));
  });
}

export function workerOf(context: BrowserContext): Worker {
  const [worker] = context.serviceWorkers();
  if (!worker) throw new Error('there is no worker');
  return worker;
}

/** Hands a push to the worker, by the way on which the browser hands it what its own push service sent. */
export async function deliver(context: BrowserContext, data: string): Promise<void> {
  const [page] = context.pages();
  if (!page) throw new Error('no page is open');
  const cdp = await context.newCDPSession(page);
  const found = new Promise<{ registrationId: string; scopeURL: string }>((resolve) => {
    cdp.on('ServiceWorker.workerRegistrationUpdated', ({ registrations: [first] }) => first && resolve(first));
  });
  await cdp.send('ServiceWorker.enable');
  const { registrationId, scopeURL } = await found;
  await cdp.send('ServiceWorker.deliverPushMessage', { origin: new URL(scopeURL).origin, registrationId, data });
  await cdp.detach();
}

/** A browser whose push service is the test's. */
export class Device {
  subscription: Subscription | null = null;

  private constructor(
    readonly context: BrowserContext,
    private readonly service: PushService,
  ) {}

  /** Chromium of itself asks a service of its vendor, which a test has none of: only this is put in its place. */
  static async at(service: PushService, context: BrowserContext): Promise<Device> {
    const device = new Device(context, service);
    await context.exposeFunction('subscribeToPushes', (key: number[]) => device.subscribe(Buffer.from(key)));
    await context.exposeFunction('unsubscribeFromPushes', () => device.unsubscribe());
    await context.exposeFunction('pushSubscription', () => device.known());
    await context.addInitScript(() => {
      type Known = { key: number[]; json: PushSubscriptionJSON };
      const browser = window as unknown as {
        subscribeToPushes: (key: number[]) => Promise<Known>;
        unsubscribeFromPushes: () => Promise<boolean>;
        pushSubscription: () => Promise<Known | null>;
      };
      const seen = ({ key, json }: Known) => ({
        endpoint: json.endpoint,
        options: { userVisibleOnly: true, applicationServerKey: Uint8Array.from(key).buffer },
        toJSON: () => json,
        unsubscribe: () => browser.unsubscribeFromPushes(),
      });
      Object.assign(PushManager.prototype, {
        async getSubscription() {
          const known = await browser.pushSubscription();
          return known && seen(known);
        },
        async subscribe({ applicationServerKey, userVisibleOnly }: PushSubscriptionOptionsInit) {
          if (Notification.permission !== 'granted' || !userVisibleOnly)
            throw new DOMException('permission denied', 'NotAllowedError');
          return seen(await browser.subscribeToPushes(Array.from(applicationServerKey as Uint8Array)));
        },
      });
    });
    return device;
  }

  private known() {
    if (!this.subscription) return null;
    return { key: [...this.subscription.applicationServerKey], json: this.subscription.toJSON() };
  }

  private subscribe(key: Buffer) {
    this.subscription ??= this.service.subscribe(key, (text) => deliver(this.context, text));
    return this.known();
  }

  private unsubscribe(): boolean {
    this.service.forget(this.subscription);
    this.subscription = null;
    return true;
  }
}
