// A browser whose push subscriptions are at `FakePushService`, which delivers each push to Chromium through the DevTools protocol.
import type { BrowserContext, Page, Worker } from '@playwright/test';
import type { FakePushService, Subscription } from '../fake-push-service';

/** Waits until the service worker has precached the app and controls the page. */
export async function waitForServiceWorker(page: Page): Promise<void> {
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

export function serviceWorkerOf(context: BrowserContext): Worker {
  const [worker] = context.serviceWorkers();
  if (!worker) throw new Error('no service worker is running');
  return worker;
}

interface WorkerScope {
  registration: ServiceWorkerRegistration;
  clients: object;
  dispatchEvent(event: Event): boolean;
  NotificationEvent: new (type: string, init: { notification: Notification }) => Event;
  recorded: Recorded;
}

interface Recorded {
  /** Counts shown on the app's icon. */
  badges: number[];
  /** URLs of windows that the worker tried to open. */
  windows: string[];
}

export class PushDevice {
  subscription: Subscription | null = null;

  private constructor(
    readonly context: BrowserContext,
    private readonly service: FakePushService,
  ) {}

  /** Replaces `PushManager`'s methods in the context's pages, because Chromium would subscribe at Google's push service. */
  static async create(service: FakePushService, context: BrowserContext): Promise<PushDevice> {
    const device = new PushDevice(context, service);
    await context.exposeFunction('subscribeToPushes', (key: number[]) => device.subscribe(Buffer.from(key)));
    await context.exposeFunction('unsubscribeFromPushes', () => device.unsubscribe());
    await context.exposeFunction('pushSubscription', () => device.subscriptionInfo());
    await context.addInitScript(() => {
      type Info = { key: number[]; json: PushSubscriptionJSON };
      const browser = window as unknown as {
        subscribeToPushes: (key: number[]) => Promise<Info>;
        unsubscribeFromPushes: () => Promise<boolean>;
        pushSubscription: () => Promise<Info | null>;
      };
      const toSubscription = ({ key, json }: Info) => ({
        endpoint: json.endpoint,
        options: { userVisibleOnly: true, applicationServerKey: Uint8Array.from(key).buffer },
        toJSON: () => json,
        unsubscribe: () => browser.unsubscribeFromPushes(),
      });
      Object.assign(PushManager.prototype, {
        async getSubscription() {
          const info = await browser.pushSubscription();
          return info && toSubscription(info);
        },
        async subscribe({ applicationServerKey, userVisibleOnly }: PushSubscriptionOptionsInit) {
          if (Notification.permission !== 'granted' || !userVisibleOnly)
            throw new DOMException('permission denied', 'NotAllowedError');
          return toSubscription(await browser.subscribeToPushes(Array.from(applicationServerKey as Uint8Array)));
        },
      });
    });
    return device;
  }

  /** Dispatches a `push` event in the service worker. */
  async deliver(data: string): Promise<void> {
    const [page] = this.context.pages();
    if (!page) throw new Error('no page is open');
    const cdp = await this.context.newCDPSession(page);
    const found = new Promise<{ registrationId: string; scopeURL: string }>((resolve) => {
      cdp.on('ServiceWorker.workerRegistrationUpdated', ({ registrations: [first] }) => first && resolve(first));
    });
    await cdp.send('ServiceWorker.enable');
    const { registrationId, scopeURL } = await found;
    await cdp.send('ServiceWorker.deliverPushMessage', { origin: new URL(scopeURL).origin, registrationId, data });
    await cdp.detach();
  }

  /** The notifications on the screen. */
  notifications() {
    return serviceWorkerOf(this.context).evaluate(async () => {
      const { registration } = globalThis as unknown as WorkerScope;
      const found = await registration.getNotifications();
      return found.map(({ title, body, icon, tag, data }) => ({
        title,
        body,
        icon: new URL(icon).pathname,
        tag,
        path: data.path as string,
      }));
    });
  }

  /** Dispatches `notificationclick`: the notification itself is drawn by the operating system, out of Playwright's reach. */
  async clickNotification(tag: string): Promise<void> {
    await serviceWorkerOf(this.context).evaluate(async (tag) => {
      const scope = globalThis as unknown as WorkerScope;
      const [notification] = await scope.registration.getNotifications({ tag });
      if (!notification) throw new Error(`no notification ${tag}`);
      scope.dispatchEvent(new scope.NotificationEvent('notificationclick', { notification }));
    }, tag);
  }

  /**
   * Records calls of `setAppBadge` and `openWindow` from now on; the returned function reads them. Browsers open a window only
   * after a real click, so `openWindow` must be replaced.
   */
  async recordBadgesAndWindows(): Promise<() => Promise<Recorded>> {
    const worker = serviceWorkerOf(this.context);
    await worker.evaluate(() => {
      const scope = globalThis as unknown as WorkerScope;
      const recorded: Recorded = { badges: [], windows: [] };
      scope.recorded = recorded;
      const setAppBadge = async (count: number) => void recorded.badges.push(count);
      const openWindow = async (url: string) => void recorded.windows.push(url);
      Object.assign(Object.getPrototypeOf(navigator), { setAppBadge });
      Object.assign(Object.getPrototypeOf(scope.clients), { openWindow });
    });
    return () => worker.evaluate(() => (globalThis as unknown as WorkerScope).recorded);
  }

  private subscriptionInfo() {
    if (!this.subscription) return null;
    return { key: [...this.subscription.applicationServerKey], json: this.subscription.toJSON() };
  }

  private subscribe(key: Buffer) {
    this.subscription ??= this.service.subscribe(key, (text) => this.deliver(text));
    return this.subscriptionInfo();
  }

  private unsubscribe(): boolean {
    this.service.expire(this.subscription);
    this.subscription = null;
    return true;
  }
}
