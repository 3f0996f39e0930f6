import { afterAll, beforeAll, expect, test } from 'vitest';
import { stages } from '../../../infra/config/stages.ts';
import type { Report } from '../../../local/run/report.ts';
import { everyKind } from '../../local/run/every-kind.ts';
import { type StageOnThisMachine, stageOnThisMachine } from '../../local/run/start.ts';

let dev: StageOnThisMachine;
let every: StageOnThisMachine;
beforeAll(async () => {
  dev = await stageOnThisMachine(stages.dev);
  every = await stageOnThisMachine(everyKind);
});
afterAll(() => Promise.all([dev.remove(), every.remove()]));

test.each([1, 2, 3])('the four destinations lose nothing to hours of faults of seed %i', async (seed) => {
  const { code, report } = await dev.start(`--stage test --events 300 --seed ${seed} --faults destinations`);
  expect(code).toBe(0);
  for (const stream of report.streams) {
    expect(stream).toMatchObject({ delivered: 300, missing: 0 });
    expect(Object.keys(stream.faults ?? {}).length).toBeGreaterThanOrEqual(6);
  }
  expect(sumOf(report, 'redriven')).toBeGreaterThan(0);
  expect(sumOf(report, 'duplicates')).toBeGreaterThan(0);
});

test('every kind comes through hours of faults, and events that were given up are sent again', async () => {
  const { code, report } = await every.start(
    '--stage test --types cis,verify,admin --events 60 --seed 11 --faults destinations',
  );
  expect(code).toBe(0);
  for (const { destinations } of report.streams) {
    for (const destination of destinations) expect(destination).toMatchObject({ delivered: 60, missing: 0 });
  }
  expect(sumOf(report, 'redriven')).toBeGreaterThan(0);
  expect(sumOf(report, 'duplicates')).toBeGreaterThan(0);
});

function sumOf({ streams }: Report, figure: 'redriven' | 'duplicates'): number {
  return streams.flatMap(({ destinations }) => destinations).reduce((sum, one) => sum + one[figure], 0);
}
