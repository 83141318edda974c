// Runs the release build for one test, on a temporary storage directory and a free port.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const program = process.env.CAMPFIRE ?? join(import.meta.dirname, '../target/release/campfire');

async function freePort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  await new Promise((closed) => listener.close(closed));
  return typeof address === 'object' && address ? address.port : 0;
}

export class Server {
  private process: ChildProcess | undefined;

  private constructor(
    readonly storagePath: string,
    readonly port: number,
    private readonly settings: Record<string, string>,
  ) {}

  static async start(settings: Record<string, string> = {}): Promise<Server> {
    const storagePath = await mkdtemp(join(tmpdir(), 'campfire-'));
    const server = new Server(storagePath, await freePort(), settings);
    await server.launch();
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts the process and waits until it listens. */
  async launch(): Promise<void> {
    const own = { STORAGE_PATH: this.storagePath, PORT: String(this.port), LOG_FORMAT: 'text' };
    const environment = { ...process.env, ...this.settings, ...own };
    const started = spawn(program, [], { env: environment, stdio: ['ignore', 'pipe', 'inherit'] });
    this.process = started;
    for await (const line of createInterface({ input: started.stdout })) {
      if (line.includes('listening on')) break;
    }
    started.stdout.resume();
  }

  /** Stops the process, gracefully (`SIGTERM`) or not (`SIGKILL`), and waits for it to exit. */
  async stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const running = this.process;
    if (!running || running.exitCode !== null || running.signalCode !== null) return;
    const exited = once(running, 'exit');
    running.kill(signal);
    await exited;
  }

  async remove(): Promise<void> {
    await this.stop('SIGKILL');
    await rm(this.storagePath, { recursive: true, force: true });
  }

  /** Calls the API with this session cookie; `path` is relative to `/api/v1/`. */
  request(cookie: string, method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: object): Promise<Response> {
    return fetch(`${this.url}/api/v1/${path}`, {
      method,
      headers: { cookie, origin: this.url, ...(body && { 'content-type': 'application/json' }) },
      body: body && JSON.stringify(body),
    });
  }

  /** Does the first run as Ada and returns her session cookie. */
  async firstRun(): Promise<string> {
    const ada = { name: 'Ada Lovelace', email_address: 'ada@example.com', password: 'correct horse' };
    const response = await this.request('', 'POST', 'first_run', ada);
    return response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  }

  async postMessage(cookie: string, text: string, room = 1): Promise<{ id: number }> {
    const response = await this.request(cookie, 'POST', `rooms/${room}/messages`, { text });
    if (response.status !== 201) throw new Error(`posting returned ${response.status}: ${await response.text()}`);
    return (await response.json()) as { id: number };
  }

  /** Creates a closed room with one member, and returns its ID. */
  async createRoom(cookie: string, name: string): Promise<number> {
    const response = await this.request(cookie, 'POST', 'rooms', { type: 'closed', name });
    return ((await response.json()) as { id: number }).id;
  }

  /** The plain texts of a room's last 100 messages, oldest first. */
  async messageTexts(cookie: string, room = 1): Promise<string[]> {
    const response = await this.request(cookie, 'GET', `rooms/${room}/messages?limit=100`);
    const messages = (await response.json()) as { body: { plain: string } }[];
    return messages.map((message) => message.body.plain);
  }
}
