import { expect, test } from 'vitest';
import { SinkRefused } from '../../../../functions/collector/protocol/ports/sink.ts';
import { longTest } from '../../../long-run.ts';
import { raiseEvents, steadily } from '../protocol/raised-events.ts';
import { relayUnderTest } from '../protocol/relay-under-test.ts';
import { tick } from '../protocol/ticks.ts';
import { createQuota } from './firehose-quota.ts';

const minute = 60_000;
const hour = 60 * minute;
/** Bytes a second, 1/256 of Firehose's default; load and batches are as many times smaller. */
const quota = 4 * 1_024;

interface Load {
  /** Of the quota, in bytes of lines as they are put. */
  readonly share: number;
  readonly everyMs: number;
  readonly destinations: readonly string[];
  readonly durationMs: number;
  /** When one destination refuses every call, in ms since the start. */
  readonly outage?: { readonly destination: string; readonly from: number; readonly to: number };
}

/** What each destination has not got of what was collected, in seconds of the quota, every so often. */
async function undelivered({ share, everyMs, destinations, durationMs, outage }: Load) {
  const relay = relayUnderTest([], destinations, undefined, { quotaBytesPerSecond: quota });
  const startedAt = relay.clock.now();
  const raisedAt = steadily((share * quota) / lineBytes, startedAt, durationMs);
  const { given } = raiseEvents(relay, { raisedAt, text });
  const delivered = new Map(destinations.map((name) => [name, new Set<number>()]));
  for (const name of destinations) {
    const stream = createQuota(quota, relay.clock);
    relay.sinks[name]!.put = async (records) => {
      const passed = relay.clock.now() - startedAt;
      if (outage?.destination === name && passed >= outage.from && passed < outage.to)
        throw new SinkRefused('no', { throttled: false, name: 'InternalFailure' });
      const codes = stream.answer(records);
      for (const [index, record] of records.entries()) {
        if (codes[index] !== undefined) continue;
        for (const [, n] of Buffer.from(record)
          .toString('latin1')
          .matchAll(/"n":(\d+)/g))
          delivered.get(name)!.add(Number(n));
      }
      return codes;
    };
  }
  const samples = new Map(destinations.map((name) => [name, [] as number[]]));
  const look = (): void => {
    for (const [name, had] of delivered) samples.get(name)!.push(((given() - had.size) * lineBytes) / quota);
  };
  await tick(relay, { durationMs, everyMs, batchSize: 64, look: { everyMs: lookMs, at: look } });
  return (name: string, from: number, to: number): number =>
    Math.max(...samples.get(name)!.slice(Math.floor(from / lookMs), Math.floor(to / lookMs)));
}

/** In step with no schedule. */
const lookMs = 37_000;
const lineBytes = 1_024;

function text(n: number, raisedAt: number): string {
  const start = `{"n":${n},"timestamp":"${new Date(raisedAt).toISOString()}","text":"`;
  // The line adds its own member, and a line feed.
  return `${start}${'x'.repeat(lineBytes - addedBytes - start.length - 2)}"}`;
}

const addedBytes = 136;

const levelsOff = 'at $share of the quota, every $every minutes, what $destinations have not got levels off';

test.each([{ share: 0.7, every: 5, destinations: ['s3', 'splunk'] }])(levelsOff, expectLevel);
longTest.each([
  { share: 0.8, every: 1, destinations: ['s3'] },
  { share: 0.85, every: 15, destinations: ['s3'] },
])(levelsOff, expectLevel);

async function expectLevel({
  share,
  every,
  destinations,
}: Pick<Load, 'share' | 'destinations'> & { every: number }) {
  const highest = await undelivered({ share, everyMs: every * minute, destinations, durationMs: 3 * hour });

  for (const name of destinations) {
    const first = highest(name, 0, hour);
    expect(highest(name, hour, 2 * hour)).toBeLessThanOrEqual(1.1 * first);
    expect(highest(name, 2 * hour, 3 * hour)).toBeLessThanOrEqual(1.1 * first);
  }
}

test('an hour without one destination delays no other, and it catches up with what the quota leaves', async () => {
  const outage = { destination: 'down', from: hour / 2, to: 1.5 * hour };

  const highest = await undelivered({
    share: 0.5,
    everyMs: 5 * minute,
    destinations: ['down', 's3', 'splunk'],
    durationMs: 3 * hour,
    outage,
  });

  // What is raised in an interval, for it is collected at once.
  const usual = 1.1 * 0.5 * 5 * 60;
  for (const name of ['s3', 'splunk']) expect(highest(name, 0, 3 * hour)).toBeLessThanOrEqual(usual);
  const owedSeconds = highest('down', outage.to, outage.to + 10 * minute);
  const drainedBy = outage.to + 1.3 * (owedSeconds / 0.5) * 1_000;
  expect(owedSeconds).toBeGreaterThan(1_700);
  expect(highest('down', drainedBy, 3 * hour)).toBeLessThanOrEqual(usual);
});
