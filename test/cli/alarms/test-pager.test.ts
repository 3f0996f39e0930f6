import { expect, test } from 'vitest';
import type { Alarms } from '../../../cli/alarms/alarms.ts';
import { testPager } from '../../../cli/alarms/test-pager.ts';

const topic = 'arn:aws:sns:us-east-1:123456789012:alarms';
const alarm = 'relay-cis-Failing';

interface Scene {
  readonly state?: string;
  readonly missing?: boolean;
  readonly topics?: readonly string[];
  readonly subscribers?: readonly string[];
}

/** One alarm, and the subscriptions of every topic. */
function alarmsOf(scene: Scene): Alarms & { readonly reasons: string[] } {
  const { state = 'OK', missing = false, topics = [topic], subscribers = ['arn:1'] } = scene;
  const reasons: string[] = [];
  return {
    reasons,
    read: async (name) => (missing ? undefined : { name, state, topics }),
    setToAlarm: async (_, reason) => void reasons.push(reason),
    subscriptionsOf: async () =>
      subscribers.map((arn) => ({ SubscriptionArn: arn, Protocol: 'https', Endpoint: 'https://pager/key' })),
    close: () => {},
  };
}

const run = (scene: Scene) => testPager(alarmsOf(scene), alarm);

test('a whole path has no gap, and shows no address', async () => {
  const { said, gaps } = await run({});

  expect(gaps).toEqual([]);
  expect(said).toEqual([
    'relay-cis-Failing is set to ALARM',
    'topic alarms tells 1 subscriber (https): see that it came',
  ]);
});

test('a missing and an unconfirmed subscription are gaps', async () => {
  expect((await run({ subscribers: [] })).gaps).toEqual([
    expect.stringMatching(/^nobody is subscribed to topic alarms/),
  ]);
  expect((await run({ subscribers: ['PendingConfirmation'] })).gaps).toEqual([
    expect.stringMatching(/^1 subscriber of topic alarms has not confirmed/),
  ]);
});

test('an alarm that notifies no topic is a gap', async () => {
  expect((await run({ topics: [] })).gaps).toEqual(['the alarm notifies no topic']);
});

test('an alarm that is missing, or in ALARM by itself, is not set', async () => {
  const missing = alarmsOf({ missing: true });
  const red = alarmsOf({ state: 'ALARM' });

  await expect(testPager(missing, alarm)).rejects.toThrow(/there is no alarm relay-cis-Failing/);
  await expect(testPager(red, alarm)).rejects.toThrow(/is in ALARM already, and not by a test/);
  expect([...missing.reasons, ...red.reasons]).toEqual([]);
});
