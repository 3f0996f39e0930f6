import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';

const preload = new URL('../../clock/preload.ts', import.meta.url).pathname;
const day = 86_400_000;

function evaluate(expression: string, offsetMs: number): unknown {
  const printed = execFileSync(
    process.execPath,
    [
      '--import',
      preload,
      '--eval',
      `console.log(JSON.stringify(${expression}))`,
      '--',
      `--clock-offset=${offsetMs}`,
    ],
    { encoding: 'utf8' },
  );
  return JSON.parse(printed);
}

test('Date.now, new Date() and Date() all carry the offset; explicit dates do not', () => {
  const before = Date.now() + 400 * day;
  const [now, fresh, called, fixed, parsed, utc, isDate, constructed] = evaluate(
    `[Date.now(), new Date().getTime(), new Date(Date()).getTime(), new Date(5).getTime(), Date.parse('1970-01-01'),
      Date.UTC(1970, 0), new Date() instanceof Date, new (new Date(0).constructor)().getTime()]`,
    400 * day,
  ) as [number, number, number, number, number, number, boolean, number];

  expect(now).toBeGreaterThanOrEqual(before);
  expect(fresh).toBeGreaterThanOrEqual(before);
  // Date() tells whole seconds only.
  expect(called).toBeGreaterThan(before - 1000);
  expect(constructed).toBeGreaterThanOrEqual(before);
  expect([fixed, parsed, utc, isDate]).toEqual([5, 0, 0, true]);
});

test('a class that extends Date, and the clock of timers, keep working', () => {
  const [own, elapsed] = evaluate(
    `[(() => { class Mine extends Date {}; return new Mine(7) instanceof Mine && new Mine(7).getTime(); })(),
      performance.now() < 60000]`,
    -day,
  ) as [number, boolean];

  expect(own).toBe(7);
  expect(elapsed).toBe(true);
});

test('the offset can be set anew while the process lives', () => {
  const moved = evaluate(
    `(() => { const a = Date.now(); globalThis[Symbol.for('cdk-loopback.set-clock-offset')](${2 * day}); return Date.now() - a; })()`,
    day,
  ) as number;

  expect(moved).toBeGreaterThanOrEqual(day);
});
