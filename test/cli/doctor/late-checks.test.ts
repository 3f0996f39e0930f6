import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DeployedStream } from '../../../cli/access/deployed-relay.ts';
import { stateOf } from '../../../cli/access/open-relay.ts';
import { checkLateness } from '../../../cli/doctor/late-checks.ts';
import { pauseWarning, strictestLimit } from '../../../cli/receiver-limit.ts';
import type { ReceiverAges } from '../../../functions/collector/delivery/late-events.ts';
import { type SmallRelay, startSmallRelay } from '../small-relay.ts';

let small: SmallRelay;
beforeEach(async () => {
  small = await startSmallRelay();
});
afterEach(() => small.close());

const hourMs = 3_600_000;
/** A day, of which Firehose may take two hours. */
const dayLong: ReceiverAges = { past: 86_400, otherwise: 'drops', underWay: 7_200, hold: false };

function withLimit(ages: ReceiverAges | undefined, interval = 300): DeployedStream {
  const destinations = small.stream.destinations.map((each) =>
    each.name === 'siem' ? { ...each, ages } : each,
  );
  return { ...small.stream, settings: { ...small.stream.settings, interval }, destinations };
}

async function said(stream: DeployedStream): Promise<readonly string[]> {
  const findings = await checkLateness(small.relay, stream);
  expect(findings.every(({ verdict }) => verdict === 'warning')).toBe(true);
  return findings.map(({ says, remedy }) => `${says} | ${remedy}`);
}

/** A run that began so long ago, of whose two batches `siem` has one. */
async function waitingSince(hours: number): Promise<void> {
  const startedAt = small.relay.now() - hours * hourMs;
  const open = { run: 'run-1', startedAt, sealAfter: 0, done: { s3: 2, siem: 1 }, tries: {}, lastNumber: 2 };
  await stateOf(small.relay, small.stream).openRuns.open(open);
}

test('a schedule that is longer than a receiver allows is warned of', async () => {
  expect(await said(withLimit(dayLong, 22 * 3_600))).toEqual([]);
  expect(await said(withLimit(dayLong, 23 * 3_600))).toEqual([
    expect.stringMatching(
      /^23 h between runs is too long for siem: .*above 24 h.* collect at least every 22 h$/,
    ),
  ]);
});

test.each([
  [0.5, undefined],
  [3, /^events have waited 3 h for it: its receiver takes no event above 24 h .* before 2026-/],
  [23, /^events have waited 23 h for it: .* the oldest are late for it: relay replay --stream cis /],
])('an outage of %s hours is warned of by what it does to the events', async (hours, message) => {
  await waitingSince(hours);

  expect(await said(withLimit(dayLong))).toEqual(
    message === undefined ? [] : [expect.stringMatching(message)],
  );
  expect(await said(withLimit(undefined))).toEqual([]);
});

test('what Firehose gave up has to be replayed while the receiver takes it', async () => {
  await small.bucket.put('backup/cis/siem/http-endpoint-failed/x', { body: Buffer.from('{}'), metadata: {} });

  expect(await said(withLimit(dayLong))).toEqual([
    expect.stringMatching(/^Firehose gave up events of it .* relay replay --stream cis before 2026-/),
  ]);
  expect(await said(withLimit({ ...dayLong, past: 7_200 }))).toEqual([
    expect.stringMatching(/between runs is too long/),
    expect.stringMatching(/relay replay --stream cis leaves out what is too old/),
  ]);
});

test('a pause is told until when it makes no event too old, and since when it does', () => {
  const limit = strictestLimit([{ name: 'siem', ages: dayLong }, { name: 's3' }])!;
  const now = Date.UTC(2026, 2, 2, 12);

  expect(pauseWarning(limit, now - hourMs, now)).toMatch(
    /^resume before 2026-03-03 09:00 UTC for siem: its receiver/,
  );
  expect(pauseWarning(limit, now - 24 * hourMs, now)).toMatch(
    /^since 2026-03-02 10:00 UTC events may be too old for siem: its receiver/,
  );
});
