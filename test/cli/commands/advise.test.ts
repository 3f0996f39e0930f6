import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stateOf } from '../../../cli/access/open-relay.ts';
import type { RunRecord } from '../../../functions/collector/ports.ts';
import { drainedRun } from '../advise/run-record.ts';
import { localRunFolder, runRelay } from '../run-relay.ts';
import { type SmallRelay, startSmallRelay } from '../small-relay.ts';

test('--help begins with the usage and ends with an example', async () => {
  const { code, out } = await runRelay(['advise', '--help']);

  expect(code).toBe(0);
  expect(out).toMatch(/^Usage: relay advise /);
  expect(out).toMatch(/Example: relay advise .*$/);
});

describe('from a rate, asking nobody', () => {
  test('cost, freshness and fullness of the present schedule stand beside the cheapest', async () => {
    const { code, out } = await runRelay(['advise', '--rate', '50', '--event-size', '1200', '--every', '1']);

    expect(code).toBe(0);
    expect(out).toMatch(/present +cheapest/);
    expect(out).toMatch(/every +60 s +5 min/);
    expect(out).toContain('full on average');
    expect(out).toContain('One reader is saturated at');
  });

  test('a stream beyond the quota is told so, and what to do', async () => {
    const { out } = await runRelay(['advise', '--rate', '2000', '--event-size', '1200']);

    expect(out).toContain('delivery falls behind');
    expect(out).toContain('raise the quota');
  });

  test('a freshness that nothing gives is told, with what a minute gives', async () => {
    const { code, out } = await runRelay(['advise', '--rate', '5', '--freshness', '30']);

    expect(code).toBe(0);
    expect(out).toContain('Nothing brings events to Firehose within 30 s: a schedule of a minute gives 61 s');
  });

  test.each([
    [['--rate', '0'], '--rate "0" is no number above 0'],
    [['--rate', '5', '--event-size=-3'], '--event-size "-3" is no number above 0'],
    [['--rate', '5', '--batch-size', '1001'], '--batch-size "1001" is no whole number from 1 to 1000'],
    [['--freshness', '0'], '--freshness "0" is no number above 0'],
    [['--event-size', '100'], '--event-size means something only with --rate'],
  ])('%j is refused', async (args, problem) => {
    const { code, problems } = await runRelay(['advise', ...args]);

    expect(code).toBe(2);
    expect(problems).toContain(problem);
  });
});

describe('from a history', () => {
  let small: SmallRelay;
  let folder: Awaited<ReturnType<typeof localRunFolder>>;
  const advise = (...args: readonly string[]) =>
    runRelay(['advise', '--local', '--out', folder.path, ...args]);
  beforeAll(async () => {
    small = await startSmallRelay();
    folder = await localRunFolder(small.local);
  });
  afterAll(() => Promise.all([small.close(), folder.remove()]));

  test('a stream without runs, or with one, says what is missing and what can still be told', async () => {
    const none = await advise();
    await stateOf(small.relay, small.stream).writeRecord(recordOf(small.relay.now(), 1));
    const one = await advise();

    expect([none.code, one.code]).toEqual([1, 1]);
    expect(none.problems).toMatch(/stream cis: it has no runs in that time\. It asks for \d+ events a batch/);
    expect(one.problems).toContain('it has one run, and a rate needs two');
  });

  test('runs give rate, size, latencies and answers', async () => {
    for (const index of [2, 3, 4, 5]) {
      await stateOf(small.relay, small.stream).writeRecord(recordOf(small.relay.now(), index));
    }
    const { code, out } = await advise('--stream', 'relay-cis', '--json');

    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      eventsPerSecond: 4,
      eventBytes: 700,
      collectMs: 200,
      present: { everySeconds: 300, memoryMb: 768 },
    });
    expect((await advise()).out).toContain('5 full, 5 short, 10 empty');
  });
});

/** Five minutes apart. */
function recordOf(now: number, index: number): RunRecord {
  return drainedRun(index, now - index * 300_000);
}
