import { createHmac } from 'node:crypto';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { type LocalAws, startLocalAws } from '@mosaic-relay/cdk-loopback';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createViewKeys } from '../../../../functions/collector/adapters/view-keys.ts';
import { eventId } from '../../../../functions/collector/answers/event-id.ts';
import { createSplunkEnvelope } from '../../../../functions/collector/delivery/formats/splunk-envelope.ts';
import { SinkRefused } from '../../../../functions/collector/protocol/ports/sink.ts';
import { createDestinationViews } from '../../../../functions/collector/views/destination-view.ts';
import { compileView, viewLabel, type WrittenView } from '../../../../functions/stored/compiled-view.ts';
import { killSwitch } from '../protocol/killed.ts';
import { type RelayUnderTest, relayUnderTest } from '../protocol/relay-under-test.ts';

const names = ['raw', 'seen', 'fields'];
const events = Array.from({ length: 20 }, (_, n) => `{"n":${n},"user_id":"secret-user-${n % 4}"}`);
const keys = { p1: Buffer.alloc(32, 1), p2: Buffer.alloc(32, 2), p3: Buffer.alloc(32, 3) };

let aws: LocalAws;
let client: SecretsManagerClient;
beforeAll(async () => {
  aws = await startLocalAws();
  client = new SecretsManagerClient({ ...aws.client, maxAttempts: 1 });
});
afterAll(async () => {
  client.destroy();
  await aws.close();
});

/** Each relay has a secret of its own, whose key is p1. */
let secrets = 0;
function relayWithSecret(written: Omit<WrittenView, 'key'> = { members: { user_id: 'pseudonym' } }) {
  const secret = aws.secrets.put(`view-${++secrets}`, keyText('p1'));
  const compiled = compileView({ ...written, key: secret });
  const label = viewLabel('analysts', compiled);
  const newProcess = () =>
    createDestinationViews(
      { [label]: compiled },
      { readKey: createViewKeys(client), keepView: async () => undefined },
    )(label);
  let process = newProcess();
  const view = { label, see: (...of: Parameters<typeof process.see>) => process.see(...of) };
  const relay = relayUnderTest(events, names, undefined, (name) => ({
    ...(name === 'raw' ? {} : { view }),
    ...(name === 'fields' ? { format: createSplunkEnvelope('dev', {}) } : {}),
  }));
  return {
    relay,
    label,
    rotate: (id: keyof typeof keys) => void aws.secrets.put(secret, keyText(id)),
    startProcess: () => {
      process = newProcess();
    },
  };
}

test('a process goes on with the key that it read, and the next one names the new key', async () => {
  const { relay, label, rotate, startProcess } = relayWithSecret();
  for (const name of names) relay.sinks[name]!.stored.answer = refuseFrom(name === 'raw' ? 99 : 1);
  await relay.run();
  rotate('p2');
  const before = facts(relay, 'seen');
  startProcess();
  for (const name of names) relay.sinks[name]!.stored.answer = () => undefined;
  await relay.sweep(names);

  const after = facts(relay, 'seen');
  expect(before.length).toBeGreaterThan(0);
  expect(before.length).toBeLessThan(events.length);
  expect(new Set(before.map(({ key }) => key))).toEqual(new Set(['p1']));
  expect(new Set(after.map(({ key }) => key))).toEqual(new Set(['p1', 'p2']));
  expectMadeByNamedKeys(relay, label);
});

test('whenever a run is killed, and its key rotated, nothing is lost and every line is made by the key that it names', async () => {
  const { relay, startProcess } = relayWithSecret();
  startProcess();
  const effects = killSwitch();
  await relay.run({}, effects);
  expect(effects.effects.length).toBeGreaterThan(10);

  const met = new Set<string>();
  for (const at of effects.effects.keys()) {
    for (const moment of ['before', 'after'] as const) {
      const one = relayWithSecret();
      const kill = killSwitch(at, moment);
      await Promise.race([one.relay.run({}, kill), kill.killed]);
      one.rotate('p2');
      one.startProcess();
      one.relay.clock.set(one.relay.clock.now() + 11 * 60_000);
      await one.relay.run();
      one.rotate('p3');
      one.startProcess();
      await one.relay.sweep();
      await one.relay.sweep();

      const expected = new Set(one.relay.delivered('raw'));
      for (const name of ['seen', 'fields']) expect(new Set(one.relay.delivered(name))).toEqual(expected);
      for (const { key } of expectMadeByNamedKeys(one.relay, one.label)) met.add(key);
    }
  }
  expect(met).toEqual(new Set(['p1', 'p2', 'p3']));
});

test('a view that changes no member has raw ids, and its lines name no key', async () => {
  const { relay } = relayWithSecret({ activities: { drop: ['x'] } });
  await relay.run();

  for (const name of ['seen', 'fields'])
    for (const line of facts(relay, name)) {
      expect(line).not.toHaveProperty('key');
      expect(line.id).toBe(eventId('cis', Buffer.from(events[line.n]!)));
    }
});

function keyText(id: keyof typeof keys): string {
  return JSON.stringify({ id, key: keys[id].toString('base64') });
}

/** Refuses each call after so many. */
function refuseFrom(calls: number) {
  let count = 0;
  return () => {
    count += 1;
    return count > calls ? new SinkRefused('no', { throttled: false, name: 'InternalFailure' }) : undefined;
  };
}

interface LineFacts {
  readonly n: number;
  readonly user: string;
  readonly id: string;
  readonly view: string;
  readonly key: keyof typeof keys;
  readonly names: readonly string[];
}

function facts(relay: RelayUnderTest, name: string): readonly LineFacts[] {
  return relay.sinks[name]!.stored.records.flatMap((record) =>
    Buffer.from(record)
      .toString()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const { fields, event, _relay, ...own } = JSON.parse(line);
        const [shown, of] = fields === undefined ? [own, _relay] : [event, fields];
        return { n: shown.n, user: shown.user_id, ...of, id: of.id ?? of.event_id, names: Object.keys(of) };
      }),
  );
}

/** Id and pseudonym of each line are those that the key it names makes, by HMAC as Node has it. */
function expectMadeByNamedKeys(relay: RelayUnderTest, label: string): readonly LineFacts[] {
  const lines = ['seen', 'fields'].flatMap((name) => facts(relay, name));
  for (const { n, user, id, view, key, names: members } of lines) {
    const hmac = (text: string) => createHmac('sha256', keys[key]).update(text).digest();
    const rawId = eventId('cis', Buffer.from(events[n]!));
    expect([view, id]).toEqual([label, hmac(`id:${rawId}`).toString('hex').slice(0, 32)]);
    const bits = hmac(`pseudonym:secret-user-${n % 4}`).subarray(0, 16);
    expect(user).toBe(`${key}:${bits.toString('base64url')}`);
    expect(members.indexOf('key')).toBe(members.indexOf('view') + 1);
  }
  return lines;
}
