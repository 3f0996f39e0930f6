import { expect, test } from 'vitest';
import { recommend } from '../../../cli/advise/recommend.ts';
import { warnings } from '../../../cli/advise/warnings.ts';
import { type Plan, packedS3, usualTiming } from '../../../cli/advise/workload.ts';
import { strictestLimit } from '../../../cli/receiver-limit.ts';

const compressed = { ...packedS3, compressed: true };

function told(eventsPerSecond: number, settings: Partial<Plan> = {}, freshnessSeconds = 600): string[] {
  const load = { eventsPerSecond, eventBytes: 1_024 };
  const present: Plan = {
    everySeconds: 300,
    batchSize: 1_000,
    memoryMb: 512,
    timeoutSeconds: 300,
    destinations: [{ ...packedS3, quotaMiBPerSecond: 1_000 }],
    ...settings,
  };
  const wanted = { freshnessSeconds, timing: usualTiming };
  return warnings({ load, present, cheapest: recommend(load, present, wanted), ...wanted });
}

test('a stream that is well within everything is told nothing', () => {
  expect(told(100)).toEqual([]);
});

test.each([3_000, 4_000])(
  'at %i events/s a run takes too much of a minute, which is not freshness',
  (rate) => {
    const lines = told(rate);

    expect(lines[0]).toMatch(/^No schedule leaves a run half .*: each minute it would take \d+ s of 60 s/);
    expect(lines[0]).toMatch(/one reader is saturated at [\d,]+ events\/s/);
    expect(lines.join()).not.toContain('Nothing brings');
    expect(lines.at(-1)).toContain('part the type over 2 streams');
  },
);

test('a freshness that no schedule of a minute gives is answered with the freshness that it does give', () => {
  expect(told(1_000, {}, 61)).toEqual([
    expect.stringMatching(
      /^Nothing brings events to Firehose within 61 s: a schedule of a minute gives 7\d s/,
    ),
  ]);
});

test('a run that outlasts its interval is warned of, with the time of full batches', () => {
  const [line] = told(100, { batchSize: 10 });

  expect(line).toMatch(/^The present run takes \d+ min of each 5 min: the stream falls behind/);
  expect(line).toMatch(/A batch size of 1,000 brings it to \d s\.$/);
});

test('a run of more than half its interval is told', () => {
  expect(told(60, { batchSize: 20 })[0]).toMatch(/of each 5 min: more than half, so a backlog drains slower/);
});

test('a run that its timeout ends early is told, with the schedule that keeps up', () => {
  const [line] = told(500, { everySeconds: 3_600 });

  expect(line).toMatch(/of the 5 min after which it is ended: the stream falls behind/);
  expect(line).toMatch(/ Every \d+ min keeps up\.$/);
});

test('beyond both ceilings there is a line for each', () => {
  const lines = told(100_000, { destinations: [packedS3] });

  expect(lines).toContainEqual(expect.stringMatching(/^This stream is beyond what one reader draws/));
  expect(lines).toContainEqual(expect.stringMatching(/^The delivery stream of s3 is put 112 MiB\/s, beyond/));
});

test('compressing is advised where records can be compressed and are not', () => {
  const quotaLine = (destination: Partial<typeof packedS3>) =>
    told(5_000, { destinations: [{ ...packedS3, ...destination }] }).at(-1);

  expect(quotaLine({})).toContain('Compressed records');
  expect(quotaLine({ compressible: false })).toMatch(/Ask AWS to raise the quota\.$/);
  expect(quotaLine(compressed)).toMatch(/is put 1\.6 MiB\/s.*Ask AWS to raise the quota\.$/);
  expect(told(1_000, { destinations: [compressed] })).toEqual([]);
});

test('half a day and more between runs is warned of, with the time that Mosaic surely keeps events', () => {
  expect(told(1, {}, 200_000)).toEqual([expect.stringContaining('Mosaic is sure to keep events for 24 h')]);
});

test('little memory is kept where it is set, with a warning', () => {
  expect(told(1, { memoryMb: 256 })).toEqual([expect.stringContaining('want of 256 MB')]);
});

test('each destination beyond its quota has a line', () => {
  const other = { ...packedS3, name: 'splunk', compressible: false };
  const lines = told(1_000, { destinations: [packedS3, other] });

  expect(lines).toHaveLength(2);
  expect(lines[1]).toContain('The delivery stream of splunk');
});

test('a schedule that brings events too late to a receiver is told, and else the outage that does', () => {
  const limit = strictestLimit([
    {
      name: 'dynatrace',
      ages: { past: 86_400, otherwise: 'refuses-request', underWay: 7_200, hold: true },
    },
  ]);
  const destinations = [{ ...packedS3, quotaMiBPerSecond: 1_000, limit }];
  const about = (hours: number) =>
    told(0.01, { everySeconds: hours * 3_600, destinations }, hours * 3_600 + 600).filter((line) =>
      line.includes('dynatrace'),
    );

  expect(about(4)).toEqual([
    'An outage of dynatrace, or a pause, of more than 18 h makes events too late for it: its receiver takes no event above 24 h of age, and older ones are held back from it.',
  ]);
  expect(about(23)).toEqual([
    '23 h between runs is too long for dynatrace: its receiver takes no event above 24 h of age, and older ones are held back from it. Collect at least every 22 h.',
  ]);
});
