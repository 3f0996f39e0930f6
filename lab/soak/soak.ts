import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { outputOf } from '../../cli/arguments/output.ts';
import { runProgram } from '../../cli/arguments/program.ts';
import { count } from '../../cli/text.ts';
import { Interrupted, listenForInterrupt } from '../../local/run/interrupt.ts';
import { synthesize } from '../../local/run/synthesize.ts';
import { runLoad } from './load/run-load.ts';
import { plotSoak } from './plot.ts';
import { simulateBacklog } from './simulate-backlog.ts';
import { simulateDay } from './simulate-day.ts';
import type { SoakResult } from './soak-part.ts';
import { type SoakFlags, soakProgram } from './soak-program.ts';

/** The program of `npm run soak`. */
const { signal, dispose } = listenForInterrupt(process);
const context = {
  root: resolve(import.meta.dirname, '../..'),
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  synthesize,
  signal,
};
try {
  process.exitCode = await runProgram(soakProgram, process.argv.slice(2), outputOf(process), (given) =>
    given.load ? runLoad(given, context) : runParts(given),
  );
} catch (error) {
  const interrupted = signal.reason instanceof Interrupted ? signal.reason : undefined;
  process.stderr.write(`${interrupted?.message ?? (error as Error).stack}\n`);
  process.exitCode = interrupted?.exitCode ?? 1;
}
dispose();

/** A day of events over four streams, and a backlog against a Firehose quota. */
async function runParts({ events, backlog, seed, svg, json }: SoakFlags): Promise<number> {
  const results: SoakResult[] = [];
  const take = (result: SoakResult): void => {
    results.push(result);
    process.stdout.write(`${json ? asJson(result) : asText(result)}\n`);
  };
  if (events > 0) take(await simulateDay({ events, seed, context }));
  if (backlog > 0) take(await simulateBacklog({ events: backlog, seed, context }));
  await writeFile(svg, plotSoak(results));
  return results.every(({ sound }) => sound) ? 0 : 1;
}

function asJson({ memory: _memory, lag: _lag, ...figures }: SoakResult): string {
  return JSON.stringify(figures);
}

function asText(result: SoakResult): string {
  const { name, seconds, compared, maxRssMb, maxLagSeconds } = result;
  return (
    `${name}: ${count(compared.generated)} events in ${Math.round(seconds)} s of real time; ` +
    `${count(compared.delivered)} delivered, ${count(compared.missing)} missing, ` +
    `${count(compared.duplicates)} duplicates, ${count(compared.altered)} altered, ` +
    `journal ${compared.journalEqual ? 'equal' : 'not equal'}; collectors up to ${Math.round(maxRssMb)} MB, ` +
    `${Math.round(result.earlyRssMb)} MB in the first third and ${Math.round(result.lateRssMb)} in the last; ` +
    `lag up to ${Math.round(maxLagSeconds)} s; faults ${JSON.stringify(result.faults)}`
  );
}
