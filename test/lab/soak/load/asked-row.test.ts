import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { readArguments } from '../../../../cli/arguments/read-arguments.ts';
import { askedRow } from '../../../../lab/soak/load/asked-row.ts';
import { soakProgram } from '../../../../lab/soak/soak-program.ts';

const rowOf = (...words: readonly string[]) => askedRow(readArguments(['--load', ...words], soakProgram));

test('without flags the whole table is asked for', () => {
  expect(rowOf('--json')).toBeUndefined();
});

test('with one flag of a row that row is asked for, at 70 % of the default quota where nothing else is said', () => {
  expect(rowOf('--hours', '2.25')).toEqual({
    ...{ quotaMiBPerSecond: 1, destinations: 2, everyMinutes: 5, hours: 2.25, outageHours: 0 },
    load: { share: 0.7 },
  });
  const args = '--quota 0.25 --rate 12.5 --destinations 3 --every 1 --hours 4 --outage 1.5'.split(' ');
  expect(rowOf(...args)).toEqual({
    ...{ quotaMiBPerSecond: 0.25, destinations: 3, everyMinutes: 1, hours: 4, outageHours: 1.5 },
    load: { rate: 12.5 },
  });
});

test.each([
  ['--rate', '0'],
  ['--rate', '-3'],
  ['--rate', 'many'],
  ['--rate', '10001'],
  ['--quota', '0'],
  ['--quota', '0.0'],
  ['--quota', '101'],
  ['--destinations', '0'],
  ['--destinations', '9'],
  ['--destinations', '1.5'],
  ['--every', '0'],
  ['--every', '61'],
  ['--hours', '0'],
  ['--hours', '48.25'],
  ['--hours', '49'],
  ['--hours', '1.1'],
  ['--outage', '0'],
  ['--outage', '3.25'],
  ['--outage', '49'],
  ['--surely', 'not'],
])('%s %s is refused in one line', (flag, value) => {
  expect(() => rowOf(flag, value)).toThrow(/^[^\n]+$/);
});

test('an outage that does not end within the hours is refused', () => {
  expect(() => rowOf('--hours', '1', '--outage', '0.75')).toThrow('--hours 1');
});

test('wrong use prints one line and ends with 2, before anything is synthesised', async () => {
  const root = resolve(import.meta.dirname, '../../../..');
  const ended = await new Promise<{ code: unknown; stdout: string; stderr: string }>((settle) => {
    const args = ['lab/soak/soak.ts', '--load', '--rate', '0'];
    execFile(process.execPath, args, { cwd: root }, (error, stdout, stderr) =>
      settle({ code: error?.code, stdout, stderr }),
    );
  });

  expect(ended).toEqual({
    code: 2,
    stdout: '',
    stderr: 'npm run soak: --rate "0" is not a number of events a second above 0 and up to 10000\n',
  });
});
