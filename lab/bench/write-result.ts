import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { arch, cpus, platform } from 'node:os';
import { join } from 'node:path';
import { comparisonChart } from './chart.ts';
import type { BenchResult } from './result.ts';

/**
 * Writes `results/<date>.json` and a chart beside it. A quick or incomplete run goes to files of its own
 * (`<date>-quick`, `<date>-incomplete`), since documents cite full runs.
 *
 * @returns the files
 */
export function writeResult(
  result: BenchResult,
  { at, complete }: { readonly at: Date; readonly complete: boolean },
  folder = join(import.meta.dirname, 'results'),
): readonly string[] {
  mkdirSync(folder, { recursive: true });
  const date = at.toISOString().slice(0, 10);
  const suffix = complete ? (result.quick ? '-quick' : '') : '-incomplete';
  const machine = { node: process.version, platform: platform(), arch: arch(), cpus: cpus().length };
  const jsonFile = join(folder, `${date}${suffix}.json`);
  writeFileSync(jsonFile, `${JSON.stringify({ date, machine, ...result }, null, 2)}\n`);
  const chart = result.comparison === undefined ? undefined : comparisonChart(result.comparison, date);
  const chartFile = join(folder, `${date}${suffix}.svg`);
  if (chart === undefined) {
    // The chart of an earlier run would not belong to these figures.
    rmSync(chartFile, { force: true });
    return [jsonFile];
  }
  writeFileSync(chartFile, chart);
  return [jsonFile, chartFile];
}
