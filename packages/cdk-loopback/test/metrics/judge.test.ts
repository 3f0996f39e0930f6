import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AlarmState, type Datapoint, judge, missingTreatments } from '../../metrics/judge.ts';

/** The two tables of CloudWatch's documentation: `0` within, `X` breaching, `-` missing, oldest first. */
const tables = {
  '3 of 3': [
    ['0 - X - X', 'OK', 'OK', 'OK', 'OK'],
    ['- - - - 0', 'OK', 'OK', 'OK', 'OK'],
    ['- - - - -', 'INSUFFICIENT_DATA', 'keep', 'ALARM', 'OK'],
    ['0 X X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    ['- - X - -', 'ALARM', 'keep', 'ALARM', 'OK'],
  ],
  '2 of 3': [
    ['0 - X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    ['0 0 X 0 X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    ['0 - X - -', 'OK', 'OK', 'ALARM', 'OK'],
    ['- - - - 0', 'OK', 'OK', 'ALARM', 'OK'],
    ['- - - X -', 'ALARM', 'keep', 'ALARM', 'OK'],
  ],
} as const;

for (const [name, rows] of Object.entries(tables)) {
  const [datapointsToAlarm, evaluationPeriods] = name.split(' of ').map(Number) as [number, number];
  for (const [points, ...expected] of rows) {
    test(`${name}: ${points} comes to what the documentation says for each treatment`, () => {
      const states = missingTreatments.map(
        (missing) => judge(read(points), { datapointsToAlarm, evaluationPeriods, missing }) ?? 'keep',
      );

      expect(states).toEqual(expected);
    });
  }
}

test('one period that is within the threshold brings a 1 of 1 alarm back, whatever missing data means', () => {
  for (const missing of missingTreatments) {
    expect(judge(read('X X 0'), { datapointsToAlarm: 1, evaluationPeriods: 1, missing })).toBe('OK');
  }
});

test('with missing data that breaches, an alarm is never later than with missing data that does not', () => {
  const rank: Record<AlarmState, number> = { OK: 0, INSUFFICIENT_DATA: 1, ALARM: 2 };
  const datapoint = fc.constantFrom<Datapoint>('ok', 'breaching', 'missing');
  fc.assert(
    fc.property(
      fc.array(datapoint, { minLength: 5, maxLength: 5 }),
      fc.integer({ min: 1, max: 3 }),
      (points, m) => {
        const state = (missing: 'breaching' | 'notBreaching') =>
          judge(points, { datapointsToAlarm: m, evaluationPeriods: 3, missing })!;
        expect(rank[state('breaching')]).toBeGreaterThanOrEqual(rank[state('notBreaching')]);
      },
    ),
  );
});

function read(points: string): readonly Datapoint[] {
  const meanings: Record<string, Datapoint> = { '0': 'ok', X: 'breaching', '-': 'missing' };
  return points.split(' ').map((point) => meanings[point]!);
}
