import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stateOf } from '../../../cli/access/open-relay.ts';
import type { RunRecord } from '../../../functions/stored/run-item.ts';
import { drainedRun } from '../advise/run-record.ts';
import { localRunFolder, runRelay } from '../run-relay.ts';
import { type SmallRelay, startSmallRelay } from '../small-relay.ts';

test('--help begins with the usage and ends with an example', async () => {
  const { code, out } = await runRelay(['advise', '--help']);

  expect(code).toBe(0);
  expect(out).toMatch(/^Usage: relay advise /);
  expect(out).toMatch(/Examples:(\n {2}relay advise .*)+$/);
});

describe('from a rate, without a call', () => {
  test('cost, freshness, what binds and what saves are told in at most 16 lines of 80 columns', async () => {
    const { code, out } = await runRelay(['advise', '--rate', '50', '--event-size', '1200', '--every', '1']);

    expect(code).toBe(0);
    expect(out).toMatch(/Cost +\$\d+\.\d\d a month by volume \(/);
    expect(out).toMatch(/Freshness +in Firehose within \d+ s, collecting every 60 s/);
    expect(out).toMatch(/Binds +the quota of 1 MiB\/s for s3 at 2,\d+ events\/s, one reader at 5,051/);
    expect(out).toMatch(/Saves +no setting saves more than a dollar a month/);
    const lines = out.split('\n');
    expect(lines.length).toBeLessThanOrEqual(16);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80);
  });

  test('a lever is told with what it saves, and a schedule that saves less than a dollar is not', async () => {
    const { out } = await runRelay(['advise', '--rate', '50', '--every', '1', '--plain', '--json']);
    const { levers, present, cheapest } = JSON.parse(out);

    expect(levers.map(({ change }: { change: string }) => change)).toEqual(['compressRecords for s3']);
    expect(levers[0].savesPerMonth).toBeGreaterThan(1);
    const saved = present.dollarsPerMonth.total - cheapest.dollarsPerMonth.total;
    expect(cheapest.everySeconds).toBeGreaterThan(60);
    expect(saved).toBeLessThan(1);
  });

  test('a schedule that is later than asked for is told with one that is soon enough', async () => {
    const { out } = await runRelay(['advise', '--rate', '50', '--every', '30']);

    expect(out.replaceAll(/\s+/g, ' ')).toMatch(
      /in Firehose within 30 min \(10 min are asked for: collecting every \d+ min is soon enough, for \$2\.\d\d\)/,
    );
  });

  test('advice for a stream beyond the quota says so, with the remedy', async () => {
    const { out } = await runRelay(['advise', '--rate', '2000', '--event-size', '1200', '--plain']);

    expect(out.replaceAll(/\s+/g, ' ')).toMatch(/delivery falls behind.* raise the quota/);
  });

  test("a freshness that no plan gives is answered with the freshness of a minute's schedule", async () => {
    const { code, out } = await runRelay(['advise', '--rate', '1000', '--freshness', '61', '--plain']);

    expect(code).toBe(0);
    expect(out.replaceAll(/\s+/g, ' ')).toContain(
      'Nothing brings events to Firehose within 61 s: a schedule of a minute gives 2 min',
    );
  });

  test('one event is one event', async () => {
    const { out } = await runRelay(['advise', '--rate', '1', '--event-size', '1']);

    expect(out).toContain('1 event/s of 1 byte,');
  });

  test('records are compressed, and --plain is S3 with plain records', async () => {
    const cost = async (...args: readonly string[]) => {
      const { out } = await runRelay(['advise', '--rate', '1000', '--json', ...args]);
      return JSON.parse(out).present.dollarsPerMonth.firehose as number;
    };

    expect((await cost('--plain')) / (await cost())).toBeGreaterThan(3);
  });

  test.each<[string[], RegExp]>([
    [
      ['--rate', '0'],
      /"0" is not a number above 0; without events a schedule of 5 min alone costs \$0\.1\d\d a month/,
    ],
    [['--rate', '0', '--every', '60'], /a schedule of 60 min alone costs \$0\.1\d\d a month/],
    [
      ['--rate', 'abc'],
      /"abc" is not .*; at any rate a schedule .* \$0\.1\d\d .* one reader draws 5,051 events\/s/,
    ],
    [['--rate', '-1'], /"-1" is not .*; at any rate a schedule of 5 min alone costs/],
    [['--rate', '5', '--event-size', '-5'], /"-5" is not a whole number .*; without the flag it is 1024/],
    [
      ['--rate', '5', '--event-size', '99999999'],
      /no line above 1,000 KiB, and such an event goes to quarantine/,
    ],
    [
      ['--rate', '5', '--batch-size', '1001'],
      /"1001" is not a whole number from 1 to 1000; without the flag it is 1000/,
    ],
    [
      ['--rate', '5', '--memory', '128'],
      /"128" is not a whole number from 256 to 10240; without the flag it is 512/,
    ],
    [['--freshness', '60'], /"60" is not a whole number from 61 to .*: no schedule is sooner than a minute/],
    [['--event-size', '100'], /--event-size goes only with --rate/],
    [['--plain'], /--plain goes only with --rate/],
    [['--rate', '5', '--stream', 'cis'], /--rate and --stream do not go together/],
    [['--rate', '5', '--from', '-2h'], /--rate and --from do not go together/],
    [['--rate', '5', '--stage', 'prod'], /--rate and --stage do not go together/],
    [['--rate', '5', '--local'], /--rate and --local do not go together/],
  ])('%j is refused', async (args, problem) => {
    const { code, problems } = await runRelay(['advise', ...args]);

    expect(code).toBe(2);
    expect(problems).toMatch(problem);
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

  test('advice for a stream without runs, or with one, says what is missing and gives the rest', async () => {
    const none = await advise();
    await stateOf(small.relay, small.stream).records.writeRecord(recordOf(small.relay.now(), 1));
    const one = await advise();

    expect([none.code, one.code]).toEqual([1, 1]);
    expect(none.problems).toMatch(
      /stream cis: it has no runs in that time\. It asks for 1000 events a batch, has 768 MB and may put 1 MiB\/s to s3 and 1 MiB\/s to siem/,
    );
    expect(one.problems).toContain('it has one run, and a rate needs two');
  });

  test('runs give rate, size, latencies and answers', async () => {
    for (const index of [2, 3, 4, 5]) {
      await stateOf(small.relay, small.stream).records.writeRecord(recordOf(small.relay.now(), index));
    }
    const { code, out } = await advise('--stream', 'relay-cis', '--json');

    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      eventsPerSecond: 4,
      eventBytes: 700,
      collectMs: 200,
      present: { everySeconds: 300, memoryMb: 768 },
    });
    const text = (await advise()).out.replaceAll(/\s+/g, ' ');
    expect(text).toContain('5 full, 5 short, 10 empty');
    expect(text).toContain("the stage's $14.18 at rest");
  });
});

/** Five minutes apart. */
function recordOf(now: number, index: number): RunRecord {
  return drainedRun(index, now - index * 300_000);
}
