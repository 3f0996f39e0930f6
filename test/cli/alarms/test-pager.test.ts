import { expect, test } from 'vitest';
import type { Alarms, AlarmView } from '../../../cli/alarms/alarm-tree.ts';
import { testPager } from '../../../cli/alarms/test-pager.ts';

const topic = 'arn:aws:sns:us-east-1:123456789012:alarms';
const path = { alarm: 'relay-cis-Failing', over: ['relay-cis', 'relay'] };

interface Scene {
  readonly states?: Readonly<Record<string, string>>;
  readonly missing?: readonly string[];
  readonly topics?: readonly string[];
  readonly subscribers?: readonly string[];
  readonly follows?: (name: string) => boolean;
}

/** Alarms of which those above follow the one that is set. */
function alarmsOf(scene: Scene): Alarms & { readonly reasons: string[] } {
  const {
    states = {},
    missing = [],
    topics = [topic],
    subscribers = ['arn:1'],
    follows = () => true,
  } = scene;
  const reasons: string[] = [];
  const view = (name: string): AlarmView => ({
    name,
    state: reasons.length > 0 && follows(name) ? 'ALARM' : (states[name] ?? 'OK'),
    since: 0,
    topics: name === path.alarm ? [] : topics,
  });
  return {
    reasons,
    read: async (names) => names.filter((name) => !missing.includes(name)).map(view),
    setToAlarm: async (_, reason) => void reasons.push(reason),
    subscriptionsOf: async () =>
      subscribers.map((arn) => ({ SubscriptionArn: arn, Protocol: 'https', Endpoint: 'https://pager/key' })),
    close: () => {},
  };
}

const run = (scene: Scene, signal = new AbortController().signal) => testPager(alarmsOf(scene), path, signal);

test('a whole path has no gap, and shows no address', async () => {
  const { said, gaps } = await run({});

  expect(gaps).toEqual([]);
  expect(said).toEqual([
    'relay-cis-Failing is set to ALARM',
    'relay-cis followed',
    'relay followed',
    'topic alarms tells 1 subscriber (https): see that it came',
  ]);
});

test('nobody subscribed, and somebody who has not confirmed, are gaps', async () => {
  expect((await run({ subscribers: [] })).gaps).toEqual([
    expect.stringMatching(/^nobody is subscribed to topic alarms/),
  ]);
  expect((await run({ subscribers: ['PendingConfirmation'] })).gaps).toEqual([
    expect.stringMatching(/^1 subscriber of topic alarms has not confirmed/),
  ]);
});

test('alarms that tell no topic are a gap', async () => {
  expect((await run({ topics: [] })).gaps).toEqual(['none of these alarms tells a topic']);
});

test('an alarm above that does not follow is a gap', async () => {
  const { gaps } = await run({ follows: (name) => name !== 'relay' }, AbortSignal.abort());

  expect(gaps).toEqual(['relay did not follow within 60 s']);
});

test('an alarm above that was in ALARM before tells nobody anew', async () => {
  expect((await run({ states: { relay: 'ALARM' } })).gaps).toEqual([
    'relay was in ALARM already, and tells nobody anew',
  ]);
});

test('an alarm that is missing, or in ALARM by itself, is not set', async () => {
  const missing = alarmsOf({ missing: [path.alarm] });
  const red = alarmsOf({ states: { [path.alarm]: 'ALARM' } });
  const { signal } = new AbortController();

  await expect(testPager(missing, path, signal)).rejects.toThrow(/there is no alarm relay-cis-Failing/);
  await expect(testPager(red, path, signal)).rejects.toThrow(/is in ALARM already, and not by a test/);
  expect([...missing.reasons, ...red.reasons]).toEqual([]);
});
