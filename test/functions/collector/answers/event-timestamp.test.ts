import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseTimestamp } from '../../../../functions/collector/answers/event-timestamp.ts';

const march = Date.UTC(2026, 2, 1, 9, 15, 2, 481);
const second = march - 481;

test.each([
  ['"2026-03-01T09:15:02.481Z"', march],
  ['"2026-03-01T09:15:02.481999Z"', march],
  ['"2026-03-01T11:15:02,481+02:00"', march],
  ['"2026-03-01 09:15:02.481"', march],
  ['"2026-03-01T05:45:02.481-0330"', march],
  ['"2026-03-01T10:15:02+01"', second],
  ['"2026-03-01T09:15Z"', second - 2_000],
  [`${march}`, march],
  [`"${march}"`, march],
  [`${second / 1000}`, second],
  ['1772356502.481', march],
  ['1.772356502481e12', march],
])('%s is read', (text, time) => {
  expect(parse(text)).toBe(time);
});

test.each([
  '',
  'null',
  '""',
  '"yesterday"',
  '"2026-13-01T09:15:02.481Z"',
  '"2026-03-01T24:15:02.481Z"',
  '{}',
  '-5',
  'true',
])('%s tells no time', (text) => {
  expect(parse(text)).toBeUndefined();
});

test('every millisecond of the documented form is read as Date reads it', () => {
  const span = { min: Date.UTC(1970, 0, 1), max: Date.UTC(9999, 11, 31, 23, 59, 59, 999) };
  fc.assert(
    fc.property(fc.integer(span), (time) => {
      expect(parse(JSON.stringify(new Date(time)))).toBe(time);
    }),
  );
});

/** The value stands inside an event, as it does in an answer. */
function parse(text: string): number | undefined {
  const before = '[{"timestamp":';
  return parseTimestamp(
    Buffer.from(`${before}${text}}]`),
    before.length,
    before.length + Buffer.byteLength(text),
  );
}
