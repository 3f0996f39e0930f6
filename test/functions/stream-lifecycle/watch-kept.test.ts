import { beforeEach, expect, test } from 'vitest';
import type { KeptDelivery } from '../../../functions/stored/kept-delivery.ts';
import type { KeptPorts } from '../../../functions/stream-lifecycle/ports.ts';
import { countWaiting, isWaiting, watchKept } from '../../../functions/stream-lifecycle/watch-kept.ts';
import { type MemoryKept, memoryKept } from './memory-mosaic.ts';

const hourMs = 3_600_000;
const removedAt = 100 * hourMs;
const gcs: KeptDelivery = {
  streamName: 'cis',
  destination: 'gcs',
  mark: '0a1b2c3d',
  deliveryStream: 'mosaic-relay-test-cis-gcs-0a1b2c3d',
  removedAt,
  toldUntil: removedAt - 2 * hourMs,
  queueUrl: 'https://sqs.example/gcs',
  deadLetterUrl: 'https://sqs.example/gcs-dead',
};
const splunk: KeptDelivery = {
  streamName: 'cis',
  destination: 'splunk',
  mark: '0a1b2c3d',
  deliveryStream: 'mosaic-relay-test-cis-splunk-0a1b2c3d',
  removedAt,
  toldUntil: removedAt - 2 * hourMs,
};

let kept: MemoryKept;
let written: { readonly key: string; readonly modifiedAt: number }[];
let depths: Map<string, number | Error>;
let told: string[];
let failures: Map<string, number[]>;
let now: number;
let ports: KeptPorts;

beforeEach(() => {
  kept = memoryKept(gcs);
  written = [];
  depths = new Map([
    [gcs.queueUrl!, 0],
    [gcs.deadLetterUrl!, 0],
  ]);
  told = [];
  failures = new Map();
  now = removedAt + hourMs;
  ports = {
    kept,
    objects: {
      async *list(prefix) {
        yield* written.filter(({ key }) => key.startsWith(prefix));
      },
    },
    queues: {
      async depth(url) {
        const depth = depths.get(url);
        if (depth instanceof Error) throw depth;
        return depth;
      },
      async tell(_, { key }) {
        told.push(key);
      },
    },
    logs: {
      async firstFailure(logGroup, since) {
        const at = failures.get(logGroup)?.find((time) => time >= since);
        return at === undefined ? undefined : { at, code: 'S3.AccessDenied' };
      },
    },
    stage: 'test',
    now: () => now,
  };
});

const write = (name: string, modifiedAt: number, folder = 'delivered/cis/gcs/type=cis/') =>
  void written.push({ key: `${folder}${name}`, modifiedAt });

test('each object that the delivery stream wrote since the deploy is told once', async () => {
  write(`${gcs.deliveryStream}-1-before`, removedAt - 3 * hourMs);
  write(`${gcs.deliveryStream}-1-after`, removedAt + 60_000);
  await watchKept(ports);
  now += hourMs;
  await watchKept(ports);
  expect(told).toEqual([`delivered/cis/gcs/type=cis/${gcs.deliveryStream}-1-after`]);
});

test('an object whose upload may not have ended is told in the next pass', async () => {
  write(`${gcs.deliveryStream}-1-late`, now - 60_000);
  expect(await watchKept(ports)).toMatchObject([{ told: 0 }]);
  now += hourMs;
  expect(await watchKept(ports)).toMatchObject([{ told: 1 }]);
});

test('objects of a delivery stream that the destination has now are left to the bucket', async () => {
  write('mosaic-relay-test-cis-gcs-4e5f6071-1-new', removedAt + 60_000);
  expect(await watchKept(ports)).toMatchObject([{ told: 0 }]);
});

test('an object that comes long after Firehose can hold anything is told all the same, once', async () => {
  now = removedAt + 40 * 24 * hourMs;
  await watchKept(ports);
  write(`${gcs.deliveryStream}-1-impossible`, now);
  now += hourMs;
  expect(await watchKept(ports)).toMatchObject([{ told: 1 }]);
  now += hourMs;
  expect(await watchKept(ports)).toMatchObject([{ told: 0 }]);
});

test.each([
  ['messages in its queue', () => depths.set(gcs.queueUrl!, 3), { queued: 3 }],
  ['dead letters', () => depths.set(gcs.deadLetterUrl!, 1), { deadLetters: 1 }],
  [
    'records that Firehose gave up',
    () => write(`${gcs.deliveryStream}-1`, 0, 'backup/cis/gcs/format-conversion-failed/'),
    { givenUp: 1 },
  ],
  [
    'queues that cannot be asked',
    () => depths.set(gcs.queueUrl!, new Error('no')),
    { trouble: expect.anything() },
  ],
])('a kept delivery stream with %s is waiting', async (_, have, found) => {
  expect((await watchKept(ports)).map(isWaiting)).toEqual([false]);
  have();
  const watched = await watchKept(ports);
  expect(watched).toMatchObject([found]);
  expect(watched.map(isWaiting)).toEqual([true]);
});

test.each([
  ['the mark', splunk, '/mosaic-siem-relay/test/cis/splunk/0a1b2c3d'],
  ['no mark', { ...splunk, copierEnd: 'copier' }, '/mosaic-siem-relay/test/cis/splunk'],
])(
  'a write to S3 that fails after the removal waits for a day, in a log group with %s',
  async (_, noted, group) => {
    kept = memoryKept(noted);
    ports = { ...ports, kept };
    failures.set(group, [removedAt - 60_000]);
    expect((await watchKept(ports)).map(isWaiting)).toEqual([false]);
    failures.set(group, [removedAt - 60_000, removedAt + 60_000]);
    const watched = await watchKept(ports);
    expect(watched).toMatchObject([{ failing: { at: removedAt + 60_000, code: 'S3.AccessDenied' } }]);
    expect(watched.map(isWaiting)).toEqual([true]);
    now = removedAt + 24 * hourMs + 60_001;
    expect((await watchKept(ports)).map(isWaiting)).toEqual([false]);
  },
);

test('copies of everything and what another delivery stream gave up are not waiting', async () => {
  kept = memoryKept(splunk);
  ports = { ...ports, kept };
  write(`${splunk.deliveryStream}-1`, 0, 'backup/cis/splunk/everything/');
  write('mosaic-relay-test-cis-splunk-4e5f6071-1', 0, 'backup/cis/splunk/splunk-failed/');
  expect((await watchKept(ports)).map(isWaiting)).toEqual([false]);
  write(`${splunk.deliveryStream}-1`, 0, 'backup/cis/splunk/splunk-failed/');
  expect((await watchKept(ports)).map(isWaiting)).toEqual([true]);
});

test('a look that fails counts as one that waits, and one without anything kept is not told', async () => {
  const emitted: number[] = [];
  const emit = (waiting: number) => void emitted.push(waiting);
  const list = () => Promise.reject(new Error('throttled'));
  await expect(countWaiting({ ...ports, kept: { ...kept, list } }, emit)).rejects.toThrow(/throttled/);
  expect(emitted).toEqual([1]);
  await countWaiting({ ...ports, kept: { ...kept, list: async () => [] } }, emit);
  await countWaiting(ports, emit);
  expect(emitted).toEqual([1, 0]);
});

test('a queue that no longer exists holds nothing, and is told nothing', async () => {
  depths.clear();
  write(`${gcs.deliveryStream}-1-after`, removedAt + 60_000);
  expect((await watchKept(ports)).map(isWaiting)).toEqual([false]);
  expect(told).toEqual([]);
});
