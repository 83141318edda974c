// A fake of the bots API: keeps bots in memory and answers the page's requests.
import type { Page, Route } from '@playwright/test';

export interface FakeBot {
  id: number;
  name: string;
  key: string;
  webhook_url: string | null;
  webhook_secret: string | null;
  subscribe_all: boolean;
  last_delivery: { id: number; state: string; at: string } | null;
}

interface FakeDelivery {
  id: number;
  webhook_id: string;
  message_id: number | null;
  room_id: number | null;
  url_host: string;
  state: 'waiting' | 'done' | 'failed';
  reply: 'posted' | 'ignored' | null;
  attempts: { at: string; status: number | null; outcome: string; duration_ms: number }[];
  created_at: string;
}

const at = (minute: number) => new Date(Date.UTC(2026, 0, 31, 12, minute)).toISOString();

export class FakeBotsApi {
  bots: FakeBot[] = [];
  deliveries: FakeDelivery[] = [];
  private lastId = 100;

  /** Intercepts the page's requests to the bots API, and reports in `status` that bots are enabled. */
  async install(page: Page): Promise<void> {
    await page.route('**/api/v1/status', async (route) => {
      const response = await route.fetch();
      const status = await response.json();
      await route.fulfill({ response, json: { ...status, features: { ...status.features, bots: true } } });
    });
    await page.route(/\/api\/v1\/bots(\/|\?|$)/, (route) => this.handle(route));
  }

  addBot(name: string, webhook_url: string | null = null): FakeBot {
    const id = this.nextId();
    const bot = {
      id,
      name,
      key: `${id}-aB3dE5gH7jK9`,
      webhook_url,
      webhook_secret: webhook_url && `whsec_secret${id}`,
      subscribe_all: false,
      last_delivery: null,
    };
    this.bots.push(bot);
    return bot;
  }

  addDelivery(overrides: Partial<FakeDelivery> = {}): FakeDelivery {
    const id = this.nextId();
    const delivery: FakeDelivery = {
      id,
      webhook_id: `msg_${id}`,
      message_id: 1,
      room_id: 1,
      url_host: 'bots.example.com',
      state: 'done',
      reply: null,
      attempts: [{ at: at(id - 100), status: 200, outcome: 'taken', duration_ms: 120 }],
      created_at: at(id - 100),
      ...overrides,
    };
    this.deliveries.unshift(delivery);
    return delivery;
  }

  private nextId(): number {
    this.lastId += 1;
    return this.lastId;
  }

  private async handle(route: Route): Promise<void> {
    const request = route.request();
    const url = new URL(request.url());
    const [, id, part, deliveryId] = url.pathname.match(/\/bots(?:\/(\d+))?(?:\/(\w+))?(?:\/(\d+)\/resend)?$/) ?? [];
    const bot = this.bots.find((one) => one.id === Number(id));
    const operation = `${request.method()} ${part ?? (id ? 'bot' : 'bots')}`;
    const body = request.postData() ? request.postDataJSON() : {};
    if (id && !bot) return this.problem(route, 404, 'Bot not found or inaccessible.');
    switch (operation) {
      case 'GET bots':
        return route.fulfill({ json: this.bots.map((one) => this.toJson(one)) });
      case 'POST bots': {
        if (body.webhook_url && !/^https?:/.test(body.webhook_url)) {
          const errors = { webhook_url: ["This URL can't be called."] };
          return this.problem(route, 422, 'Something is not accepted.', errors);
        }
        const created = this.addBot(body.name, body.webhook_url);
        created.subscribe_all = body.subscribe_all;
        return route.fulfill({ status: 201, json: this.toJson(created) });
      }
    }
    if (!bot) return this.problem(route, 404, 'Bot not found or inaccessible.');
    switch (operation) {
      case 'PATCH bot':
        Object.assign(bot, body);
        return route.fulfill({ json: this.toJson(bot) });
      case 'DELETE bot':
        this.bots = this.bots.filter((one) => one !== bot);
        return route.fulfill({ status: 204 });
      case 'POST key':
        bot.key = `${bot.id}-newKey`;
        return route.fulfill({ json: this.toJson(bot) });
      case 'POST webhook_secret':
        bot.webhook_secret = 'whsec_new';
        return route.fulfill({ json: this.toJson(bot) });
      case 'POST test':
        this.addDelivery({ message_id: null, room_id: null });
        return route.fulfill({ status: 202 });
      case 'GET deliveries': {
        const before = Number(url.searchParams.get('before') ?? Number.MAX_SAFE_INTEGER);
        const limit = Number(url.searchParams.get('limit') ?? 40);
        const rest = this.deliveries.filter((delivery) => delivery.id < before);
        const page = rest.slice(0, limit);
        const next = `<${url.pathname}?limit=${limit}&before=${page.at(-1)?.id}>; rel="next"`;
        return route.fulfill({ json: page, headers: rest.length > limit ? { Link: next } : {} });
      }
      case 'POST deliveries': {
        const delivery = this.deliveries.find((one) => one.id === Number(deliveryId));
        if (!delivery) return this.problem(route, 404, 'Delivery not found.');
        if (delivery.state === 'waiting') return this.problem(route, 409, 'The delivery is still waiting.');
        delivery.state = 'waiting';
        return route.fulfill({ status: 202, json: delivery });
      }
    }
    return this.problem(route, 405, operation);
  }

  private problem(route: Route, status: number, detail: string, errors?: Record<string, string[]>): Promise<void> {
    const json = { type: 'about:blank', title: detail, status, detail, errors };
    return route.fulfill({ status, json, contentType: 'application/problem+json' });
  }

  private toJson(bot: FakeBot) {
    const user = {
      role: 'bot',
      status: 'active',
      bio: null,
      avatar_url: null,
      initials: bot.name[0],
      color: '#67695e',
    };
    return { ...user, ...bot };
  }
}
