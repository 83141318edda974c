// A push service for tests: creates subscriptions and accepts only messages that are addressed, signed and encrypted correctly.
// Written from RFC 8030 (push protocol), 8188 and 8291 (encryption) and 8292 (VAPID), independently of the server's code.
import { createDecipheriv, createECDH, createPublicKey, hkdfSync, randomBytes, verify } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** RFC 8291 limits a message to 4096 bytes. Its header holds the salt, the record size, the key length and the key. */
const maxMessageBytes = 4096;
const headerBytes = 16 + 4 + 1 + 65;
/** RFC 8292: a token expires within 24 hours. */
const maxTokenSeconds = 24 * 60 * 60;

/** An accepted message, decrypted. */
export interface Push {
  text: string;
  ttl: string;
  urgency: string;
}

/** The browser's side of a subscription, including its private key. */
export class Subscription {
  private readonly keys = createECDH('prime256v1');
  private readonly publicKey: Buffer;
  /** The push service dropped it, or the browser unsubscribed. */
  isExpired = false;

  constructor(
    readonly endpoint: string,
    /** The public key of the only application server that may send messages. */
    readonly applicationServerKey: Buffer,
    readonly receive: (text: string) => Promise<void>,
    private readonly auth = randomBytes(16),
    privateKey?: Buffer,
  ) {
    if (privateKey) this.keys.setPrivateKey(privateKey);
    else this.keys.generateKeys();
    this.publicKey = this.keys.getPublicKey();
  }

  toJSON() {
    const keys = { p256dh: this.publicKey.toString('base64url'), auth: this.auth.toString('base64url') };
    return { endpoint: this.endpoint, expirationTime: null, keys };
  }

  /** Decrypts a message; throws if anything about it is wrong. */
  decrypt(message: Buffer): string {
    const [salt, sender] = [message.subarray(0, 16), message.subarray(21, headerBytes)];
    const record = message.subarray(headerBytes);
    if (message[20] !== sender.length) throw new Error('the header does not hold the sender’s public key');
    if (record.length > message.readUInt32BE(16)) throw new Error('more than one record');
    const derive = (from: Buffer, salt: Buffer, info: Buffer | string, length: number) =>
      Buffer.from(hkdfSync('sha256', from, salt, info, length));
    const info = Buffer.concat([Buffer.from('WebPush: info\0'), this.publicKey, sender]);
    const material = derive(this.keys.computeSecret(sender), this.auth, info, 32);
    const key = derive(material, salt, 'Content-Encoding: aes128gcm\0', 16);
    const nonce = derive(material, salt, 'Content-Encoding: nonce\0', 12);
    const cipher = createDecipheriv('aes-128-gcm', key, nonce).setAuthTag(record.subarray(-16));
    const padded = Buffer.concat([cipher.update(record.subarray(0, -16)), cipher.final()]);
    const end = padded.findLastIndex((byte) => byte !== 0);
    if (padded[end] !== 2) throw new Error('the record is not marked as the last one');
    return new TextDecoder('utf-8', { fatal: true }).decode(padded.subarray(0, end));
  }
}

export class FakePushService {
  /** Accepted messages, oldest first. */
  readonly received: Push[] = [];
  private readonly subscriptions = new Map<string, Subscription>();
  private readonly listener: Server;

  /** Reports the reason of every 400 response in `errors`. */
  private constructor(private readonly errors: string[]) {
    this.listener = createServer(async (request, response) => {
      const [status, location] = await this.handle(request).catch((error: Error) => {
        this.errors.push(`push service: ${error.message}`);
        return [400] as const;
      });
      response.writeHead(status, location ? { location } : {}).end();
    });
  }

  static async start(errors: string[]): Promise<FakePushService> {
    const service = new FakePushService(errors);
    await once(service.listener.listen(0, '127.0.0.1'), 'listening');
    return service;
  }

  stop(): void {
    this.listener.close();
    this.listener.closeAllConnections();
  }

  get url(): string {
    return `http://127.0.0.1:${(this.listener.address() as AddressInfo).port}`;
  }

  subscribe(applicationServerKey: Buffer, receive: (text: string) => Promise<void>): Subscription {
    const path = `/device/${randomBytes(12).toString('base64url')}`;
    const subscription = new Subscription(this.url + path, applicationServerKey, receive);
    this.subscriptions.set(path, subscription);
    return subscription;
  }

  /** Answers 410 Gone for this subscription from now on. */
  expire(subscription: Subscription | null): void {
    if (subscription) subscription.isExpired = true;
  }

  /** Returns the status and the message's location. */
  private async handle(request: IncomingMessage): Promise<readonly [number, string?]> {
    const body = await buffer(request);
    const subscription = this.subscriptions.get(request.url ?? '');
    if (request.method !== 'POST' || !subscription) throw new Error(`${request.method} ${request.url}`);
    if (subscription.isExpired) return [410];
    const { authorization = '', ...headers } = request.headers;
    const [ttl, urgency] = [String(headers.ttl), String(headers.urgency ?? 'normal')];
    if (!/^\d+$/.test(ttl)) throw new Error(`TTL: ${ttl}`);
    if (!/^(very-low|low|normal|high)$/.test(urgency)) throw new Error(`Urgency: ${urgency}`);
    this.verifyVapid(authorization, subscription.applicationServerKey);
    if (headers['content-encoding'] !== 'aes128gcm') throw new Error('not encrypted as aes128gcm');
    if (body.length > maxMessageBytes) throw new Error(`${body.length} bytes`);
    const text = subscription.decrypt(body);
    this.received.push({ text, ttl, urgency });
    await subscription.receive(text);
    return [201, `/message/${this.received.length}`];
  }

  /** Checks the VAPID token and that it was signed with the subscription's application server key. */
  private verifyVapid(authorization: string, applicationServerKey: Buffer): void {
    const [, token = '', key = ''] = authorization.match(/^vapid t=([\w.-]+), ?k=([\w-]+)$/i) ?? [];
    const point = Buffer.from(key, 'base64url');
    if (!point.equals(applicationServerKey))
      throw new Error(`signed with another application server's key: ${authorization}`);
    const [head = '', claims = '', signature = ''] = token.split('.');
    const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString());
    if (read(head).alg !== 'ES256') throw new Error('not signed with ES256');
    const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((part) => part.toString('base64url'));
    const publicKey = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' });
    const isSigned = verify(
      'sha256',
      Buffer.from(`${head}.${claims}`),
      { key: publicKey, dsaEncoding: 'ieee-p1363' },
      Buffer.from(signature, 'base64url'),
    );
    if (!isSigned) throw new Error('the signature is wrong');
    const { aud, exp, sub } = read(claims);
    if (aud !== this.url) throw new Error(`for another push service: ${aud}`);
    const secondsLeft = exp - Date.now() / 1000;
    if (!(secondsLeft > 0 && secondsLeft <= maxTokenSeconds))
      throw new Error(`the token expires in ${secondsLeft} seconds`);
    if (!/^(mailto:|https:)/.test(sub)) throw new Error(`no contact address: ${sub}`);
  }
}
