import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cutEvents } from '../../functions/collector/answers/cut-events.ts';
import { makeBatches } from './batches.ts';
import type { SplitterFigure } from './result.ts';
import { median } from './statistics.ts';

/** Runs this file as a process of its own, so that no other code has shaped the machine code of either side. */
export async function measureSplitter(quick: boolean): Promise<SplitterFigure> {
  const file = join(import.meta.dirname, 'measure-splitter.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [file, quick ? '5' : '15']);
  return JSON.parse(stdout) as SplitterFigure;
}

/** Compares, in turns, the MB (10^6 bytes) of answers a CPU-second of the cutter and of `JSON.parse`. */
function compareWithParse(rounds: number): SplitterFigure {
  const bodies = makeBatches(1_500, 4).map(({ body }) => body);
  const bytes = bodies.reduce((sum, { length }) => sum + length, 0) * repeats;
  const speedOf = (work: (body: Buffer) => unknown) => {
    const before = process.cpuUsage();
    for (let repeat = 0; repeat < repeats; repeat++) for (const body of bodies) work(body);
    const { user, system } = process.cpuUsage(before);
    return bytes / (user + system);
  };
  const parse = (body: Buffer) => JSON.parse(body.toString());
  const cut: number[] = [];
  const parsed: number[] = [];
  for (let round = 0; round < rounds + warmUpRounds; round++) {
    const speeds = [speedOf(cutEvents), speedOf(parse)] as const;
    if (round < warmUpRounds) continue;
    cut.push(speeds[0]);
    parsed.push(speeds[1]);
  }
  return { mbPerSecond: Math.round(median(cut)), jsonParseMbPerSecond: Math.round(median(parsed)) };
}

const repeats = 10;
const warmUpRounds = 3;

if (import.meta.main) process.stdout.write(JSON.stringify(compareWithParse(Number(process.argv[2]))));
