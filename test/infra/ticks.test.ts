import { readExpression } from '@mosaic-relay/cdk-loopback';
import { describe, expect, test } from 'vitest';
import { thresholdsOf } from '../../infra/config/alarm-thresholds.ts';
import { inWords, largeUnits } from '../../infra/config/fields.ts';
import type { Stream } from '../../infra/config/stream-settings.ts';
import { ticksOf } from '../../infra/config/ticks.ts';
import { resourcesOf, stageOf, stageSettings, streamSettings, templatesOf } from './synthesized.ts';

const minute = 60_000;
const midnight = Date.UTC(2026, 2, 2);

function streamOf(schedule: { every?: string; cron?: string; timeZone?: string }): Stream {
  const settings = streamSettings({ ...schedule, alarms: { quiet: 'off' } });
  return stageOf(stageSettings({ streams: [settings] })).streams[0]!;
}

/** Of a day, as Scheduler would tick; a rate counts from midnight. */
function ticks(expression: string, timeZone = 'UTC'): readonly number[] {
  const occurrences = readExpression(expression, timeZone, midnight);
  const found: number[] = [];
  for (let at = occurrences.from(midnight); at !== undefined && at < midnight + 24 * 60 * minute; ) {
    found.push(at);
    at = occurrences.from(at + 1);
  }
  return found;
}

/** Minutes from each collect tick to the next sweep tick, and from the sweep tick before: the least. */
function distanceOf({ schedule }: Stream): number {
  const { collect, sweep } = ticksOf(schedule);
  const sweeps = ticks(sweep);
  const distances = ticks(collect, schedule.timeZone).flatMap((at) => [
    (sweeps.find((each) => each >= at) ?? Number.POSITIVE_INFINITY) - at,
    at - (sweeps.findLast((each) => each <= at) ?? Number.NEGATIVE_INFINITY),
  ]);
  return Math.min(...distances) / minute;
}

describe('a sweep ticks half an interval from the collect tick, in whole minutes,', () => {
  const everyMinutes = [...Array.from({ length: 60 }, (_, index) => index + 1), 90, 120, 360, 1_440, 10_080];
  // Minutes that divide an hour, so that a cron line can say them, and in step with a sweep every five minutes.
  const expressible = everyMinutes.filter((minutes) => 60 % minutes === 0 && minutes % 5 === 0);

  test.each(expressible)('where the stream is collected every %i minutes', (minutes) => {
    const stream = streamOf({ every: inWords(minutes * 60, largeUnits) });
    expect(distanceOf(stream)).toBeGreaterThanOrEqual(Math.floor(Math.min(minutes, 5) / 2));
    // As often as the settings say, all day long.
    expect(ticks(ticksOf(stream.schedule).collect)).toEqual(ticks(`rate(${minutes} minutes)`));
  });

  test.each(everyMinutes.filter((minutes) => !expressible.includes(minutes)))(
    'and is a rate as before where %i minutes cannot be written so',
    (minutes) => {
      const { schedule } = streamOf({ every: inWords(minutes * 60, largeUnits) });
      expect(ticksOf(schedule)).toEqual({ collect: schedule.expression, sweep: 'rate(5 minutes)' });
      expect(schedule.expression).toMatch(/^rate\(/);
    },
  );

  test.each<readonly [string, string, number]>([
    ['0 6 ? * MON-FRI *', 'UTC', 2],
    ['0/5 * * * ? *', 'UTC', 2],
    ['3/5 * * * ? *', 'America/St_Johns', 2],
    ['4/10 8-18 * * ? *', 'Asia/Kathmandu', 2],
    ['17,47 * * * ? *', 'Europe/Berlin', 2],
    ['30 0/6 * * ? *', 'Australia/Lord_Howe', 2],
    // Two minutes that leave no phase more room than one minute.
    ['0,7 * * * ? *', 'UTC', 1],
    ['0-2 * * * ? *', 'UTC', 1],
  ])('beside the cron line %s in %s', (cron, timeZone, least) => {
    expect(distanceOf(streamOf({ cron, timeZone }))).toBeGreaterThanOrEqual(least);
  });

  test.each(['* * * * ? *', '0/2 * * * ? *', '0/3 * * * ? *', '0,6,12,18,24 * * * ? *'])(
    'and is a rate as before where %s ticks in every minute of five',
    (cron) => {
      expect(ticksOf(streamOf({ cron }).schedule).sweep).toBe('rate(5 minutes)');
    },
  );
});

test('a stage whose rate becomes a cron line waits less than two intervals once, and no alarm tells', () => {
  for (const minutes of [5, 10, 15, 20, 30, 60]) {
    const stream = streamOf({ every: inWords(minutes * 60, largeUnits) });
    const { from } = readExpression(ticksOf(stream.schedule).collect, 'UTC', midnight);
    const waits = Array.from({ length: minutes }, (_, phase) => {
      // The change comes just before the rate would have ticked again.
      const last = midnight + phase * minute;
      return (from(last + minutes * minute - 1)! - last) / 1_000;
    });
    expect(Math.max(...waits)).toBeLessThan(2 * minutes * 60);
    const { notRunning } = thresholdsOf(stream, { journalDays: 30 });
    expect(Math.max(...waits) + stream.timeout).toBeLessThan(notRunning);
  }
});

test('what a stream is collected by changes in place: the schedules keep their names and ids', () => {
  const schedulesOf = (every: string) => {
    const stage = stageOf(stageSettings({ streams: [streamSettings({ every })] }));
    const schedules = [...templatesOf(stage).values()].flatMap((template) =>
      resourcesOf(template, 'AWS::Scheduler::Schedule'),
    );
    return schedules.map(([id, { Properties }]) => [id, Properties.Name, Properties.GroupName]);
  };
  expect(schedulesOf('5 minutes')).toEqual(schedulesOf('7 minutes'));
});
