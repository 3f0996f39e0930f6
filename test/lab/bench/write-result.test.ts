import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { BenchResult } from '../../../lab/bench/result.ts';
import { writeResult } from '../../../lab/bench/write-result.ts';
import { failedResult, someResult } from './some-result.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'relay-bench-results-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (result: BenchResult, complete = true) =>
  writeResult(result, { at: new Date('2026-03-01T12:00:00Z'), complete }, folder);
const inFile = (name: string) => readFileSync(join(folder, name), 'utf8');

test('a quick or incomplete run leaves the full one of the day and its chart as they are', () => {
  write(someResult());
  const before = [inFile('2026-03-01.json'), inFile('2026-03-01.svg')];

  write({ ...someResult(), quick: true });
  write(failedResult(), false);
  write({ ...failedResult(), quick: true }, false);

  expect([inFile('2026-03-01.json'), inFile('2026-03-01.svg')]).toEqual(before);
  expect(readdirSync(folder).sort()).toEqual([
    '2026-03-01-incomplete.json',
    '2026-03-01-quick.json',
    '2026-03-01-quick.svg',
    '2026-03-01.json',
    '2026-03-01.svg',
  ]);
});

test('a later full run of the day takes the place of the one before', () => {
  write(someResult());
  write({ ...someResult(), memory: { peakRssMb: 123, batches: 600, answerMb: 3 } });

  expect(JSON.parse(inFile('2026-03-01.json'))).toMatchObject({ memory: { peakRssMb: 123 } });
});

test('a run in which no variant was measured has no chart, nor keeps that of an earlier one', () => {
  write(someResult(), false);
  const { comparison, ...others } = someResult();
  const variants = {
    ...{ floor: null, relay: null, relayGzip: null },
    ...{ usualLambda: null, usualPacked: null, vendor: null },
  };
  const files = write({ ...others, comparison: { ...comparison!, variants } }, false);

  expect(files).toEqual([join(folder, '2026-03-01-incomplete.json')]);
  expect(existsSync(join(folder, '2026-03-01-incomplete.svg'))).toBe(false);
});
