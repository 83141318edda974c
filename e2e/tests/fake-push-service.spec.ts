// FakePushService accepts the examples of the RFCs and rejects messages that are addressed, signed or encrypted differently.
import { expect, test } from '@playwright/test';
import { FakePushService, Subscription } from '../fake-push-service';

const bytes = (text: string) => Buffer.from(text, 'base64url');

/** RFC 8291, appendix A. */
const message = bytes(
  'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6' +
    'cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN',
);
const recipient = {
  p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
  auth: 'BTBZMqHH6r4Tts7J_aSIgg',
};

/** RFC 8292, section 2.4. */
const applicationServer = 'BA1Hxzyi1RUM1b5wjxsn7nGxAszw2u61m164i3MrAIxHF6YK5h4SDYic-dRuU_RCPCfA5aq9ojSwk5Y2EmClBPs';
const token =
  'eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9.eyJhdWQiOiJodHRwczovL3B1c2guZXhhbXBsZS5uZXQiLCJleHAiOjE0NTM1MjM3NjgsInN1YiI6' +
  'Im1haWx0bzpwdXNoQGV4YW1wbGUuY29tIn0.i3CYb7t4xfxCDquptFOepC9GAu_HLGkMlMuCGSK2rpiUfnK9ojFwDXb1JrErtmysazNjjvW2L9OkSSHzvoD1oA';

test('decrypts messages for its subscription and rejects tampered ones', () => {
  const key = bytes('q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94');
  const subscription = new Subscription('', Buffer.alloc(0), async () => {}, bytes(recipient.auth), key);
  expect(subscription.toJSON().keys).toEqual(recipient);
  expect(subscription.decrypt(message)).toBe('When I grow up, I want to be a watermelon');
  for (const at of [0, 20, 30, message.length - 1]) {
    const tampered = Buffer.from(message);
    tampered[at] = (tampered[at] ?? 0) ^ 0xff;
    expect(() => subscription.decrypt(tampered), `byte ${at}`).toThrow();
  }
  const several = Buffer.from(message);
  several.writeUInt32BE(18, 16);
  expect(() => subscription.decrypt(several)).toThrow('more than one record');
});

test('reports why it rejects a message', async () => {
  const errors: string[] = [];
  const service = await FakePushService.start(errors);
  const { endpoint } = service.subscribe(bytes(applicationServer), async () => {});
  const good = {
    ttl: '60',
    'content-encoding': 'aes128gcm',
    authorization: `vapid t=${token}, k=${applicationServer}`,
  };
  const post = async (headers: Record<string, string>, to = endpoint) => {
    const { status } = await fetch(to, { method: 'POST', headers, body: message });
    return [status, errors.splice(0).join()];
  };
  const rejected = (why: RegExp) => [400, expect.stringMatching(why)];
  expect(await post(good, `${service.url}/device/unknown`)).toEqual(rejected(/unknown/));
  expect(await post({ ...good, ttl: 'long' })).toEqual(rejected(/TTL/));
  expect(await post({ ...good, urgency: 'now' })).toEqual(rejected(/Urgency/));
  expect(await post({ ...good, authorization: '' })).toEqual(rejected(/key/));
  const other = `vapid t=${token}, k=${recipient.p256dh}`;
  expect(await post({ ...good, authorization: other })).toEqual(rejected(/another application server/));
  const forged = `vapid t=${token.replace('.i3', '.j3')}, k=${applicationServer}`;
  expect(await post({ ...good, authorization: forged })).toEqual(rejected(/signature/));
  // The RFC's token is valid, but for the RFC's push service.
  expect(await post(good)).toEqual(rejected(/for another push service: https:\/\/push\.example\.net/));
  expect(service.received).toEqual([]);
  service.stop();
});
