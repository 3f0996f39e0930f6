import { mkdirSync, writeFileSync } from 'node:fs';
import { arch, cpus, platform } from 'node:os';
import { join } from 'node:path';
import { comparisonChart } from './chart.ts';
import type { BenchResult } from './result.ts';

/** Writes `results/<date>.json` and a chart beside it. @returns the files */
export function writeResult(result: BenchResult, at: Date): readonly string[] {
  const folder = join(import.meta.dirname, 'results');
  mkdirSync(folder, { recursive: true });
  const date = at.toISOString().slice(0, 10);
  const machine = { node: process.version, platform: platform(), arch: arch(), cpus: cpus().length };
  const jsonFile = join(folder, `${date}.json`);
  writeFileSync(jsonFile, `${JSON.stringify({ date, machine, ...result }, null, 2)}\n`);
  if (result.comparison === undefined) return [jsonFile];
  const chartFile = join(folder, `${date}.svg`);
  writeFileSync(chartFile, comparisonChart(result.comparison, date));
  return [jsonFile, chartFile];
}
