import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ReplayOptions, replay } from '../../../cli/replay/replay.ts';
import { batchOf, collectedAt, numbersIn, type SmallRelay, startSmallRelay } from '../small-relay.ts';

let small: SmallRelay;
beforeEach(async () => {
  small = await startSmallRelay();
});
afterEach(() => small.close());

const hourMs = 3_600_000;
const hour = { from: collectedAt - 1_000, to: collectedAt + 1_000 };
/** `siem` takes no event of more than a day. */
const ages = { past: 86_400, otherwise: 'refuses-request', underWay: 0, hold: true } as const;

function replayed(options: Partial<ReplayOptions> = {}) {
  const destinations = small.stream.destinations.map((one) => (one.name === 'siem' ? { ...one, ages } : one));
  const stream = { ...small.stream, destinations };
  const relay = small.relay;
  return replay({ relay, stream, sources: ['journal'], rate: Number.POSITIVE_INFINITY, ...options });
}

const dated = (n: number, hours: number) =>
  `{"n":${n},"timestamp":"${new Date(collectedAt - hours * hourMs).toISOString()}"}`;

/** The number of each event that has arrived, sorted; one that arrived twice stands there twice. */
async function arrivals(name: 's3' | 'siem'): Promise<readonly number[]> {
  await small.settle();
  return [...numbersIn(await small.linesAt(name))].sort((one, other) => one - other);
}

test('after a replay that left late events out, --late sends exactly these, and once', async () => {
  await small.collect([[dated(0, 1), dated(1, 30), dated(2, 2), dated(3, 40)], [dated(4, 1)]]);
  await replayed({ range: hour });

  const counted = await replayed({ range: hour, late: true, dryRun: true });
  const late = await replayed({ range: hour, late: true });
  const again = await replayed({ range: hour, late: true });

  expect(counted).toMatchObject({ sent: { siem: { journal: 2 } }, lateSent: { siem: 2 }, late: {} });
  expect(late).toEqual(counted);
  expect(again).toMatchObject({ events: 0, replayedBefore: 2, lateSent: {} });
  expect(await arrivals('siem')).toEqual([0, 1, 2, 3, 4]);
  expect(await arrivals('s3')).toEqual([0, 1, 2, 3, 4]);
});

test('a replay without --late leaves out again what one before it left out, and opens no marked batch for it', async () => {
  await small.collect([[dated(0, 1), dated(1, 30)]]);
  await replayed({ range: hour });

  expect(await replayed({ range: hour })).toMatchObject({ events: 0, replayedBefore: 1 });
  expect(await arrivals('siem')).toEqual([0]);
});

test.each([
  [1, 1],
  [3, 2],
  [9, 1],
  [9, 2],
])(
  'a replay interrupted after %i parts, then one with --late after %i, lose no event that was left out',
  async (first, second) => {
    await small.collect([[dated(0, 30), dated(1, 1), dated(2, 30), dated(3, 1), dated(4, 30)]]);
    const interruptedAfter = (count: number): Partial<ReplayOptions> => {
      const stop = new AbortController();
      let waits = 0;
      const sleep = async () => {
        waits += 1;
        if (waits >= count) stop.abort();
      };
      return { rate: 1, signal: stop.signal, clock: { now: Date.now, random: Math.random, sleep } };
    };
    const toSiem = { range: hour, destination: 'siem' };

    await replayed({ ...toSiem, ...interruptedAfter(first) });
    await replayed({ ...toSiem, late: true, ...interruptedAfter(second) });
    await replayed({ ...toSiem, late: true });
    const again = await replayed({ ...toSiem, late: true });

    expect(again.events).toBe(0);
    expect(await arrivals('siem')).toEqual([0, 1, 2, 3, 4]);
  },
);

test('what was left out of an object that has left the backup is sent from there', async () => {
  const facts = (n: number) =>
    `"_relay":{"type":"cis","stream":"s","id":"${String(n).repeat(32)}","collected_at":"${new Date(collectedAt).toISOString()}"}`;
  const lines = [dated(0, 30), dated(1, 1)].map((event, n) => `${event.slice(0, -1)},${facts(n)}}\n`);
  const body = Buffer.from(
    lines.map((line) => `{"rawData":"${Buffer.from(line).toString('base64')}"}`).join('\n'),
  );
  await small.bucket.put('backup/cis/siem/http-endpoint-failed/x', { body, metadata: {} });
  await replayed({ sources: ['firehose-errors'] });

  const late = await replayed({ sources: ['firehose-errors'], late: true });
  const again = await replayed({ sources: ['firehose-errors'], late: true });

  expect(late).toMatchObject({ sent: { siem: { 'firehose-errors': 1 } }, failed: [] });
  expect(again).toMatchObject({ events: 0, objects: 0 });
  expect(await arrivals('siem')).toEqual([0, 1]);
  expect(await small.keys('replayed/backup/')).toHaveLength(1);
});

test('what was left out of an answer that was cut off, which the journal cannot bring, is sent from where it lies', async () => {
  const bytes = Buffer.from(`[${dated(0, 30)},${dated(1, 1)},{"n":`);
  const entry = { ...batchOf([]), reason: 'cut-off', bytes, encoding: 'identity' } as const;
  await small.quarantine.quarantine(entry);
  const first = await replayed({ sources: ['quarantine'] });

  const late = await replayed({ sources: ['quarantine'], late: true });
  const again = await replayed({ sources: ['quarantine'], late: true });

  expect(first).toMatchObject({
    sent: { s3: { quarantine: 2 }, siem: { quarantine: 1 } },
    late: { siem: 1 },
  });
  expect(late).toMatchObject({ sent: { siem: { quarantine: 1 } }, failed: [] });
  expect(again).toMatchObject({ events: 0, objects: 0 });
  expect(await arrivals('siem')).toEqual([0, 1]);
  expect(await small.keys('quarantine/')).toEqual([]);
});
