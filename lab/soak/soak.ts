import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Interrupted, listenForInterrupt } from '../../local/run/interrupt.ts';
import { count } from '../../local/run/result-table.ts';
import { synthesize } from '../../local/run/synthesize.ts';
import { runLoad } from './load/run-load.ts';
import { plotSoak } from './plot.ts';
import { simulateBacklog } from './simulate-backlog.ts';
import { simulateDay } from './simulate-day.ts';
import type { SoakResult } from './soak-part.ts';

/** What `npm run soak` runs: a day of events over four streams and a backlog against a Firehose quota, or a load. */
const usage = `Usage: npm run soak -- [--events N] [--backlog N] [--seed N] [--svg FILE] [--json]
       npm run soak -- --load [--quota MIB_PER_SECOND] [--rate EVENTS_PER_SECOND] [--destinations N]
                       [--every MINUTES] [--hours H] [--outage HOURS] [--json]

  --events N   events of the simulated day, over four streams (20000000)
  --backlog N  events that wait when the backlog begins (5000000); 0 for none
  --seed N     decides every event and every fault (1)
  --svg FILE   where memory and lag are plotted (soak.svg)
  --json       figures as JSON, one line a part

  --load            a steady load against a quota; without further flags, every row of the table at a quarter of
                    Firehose's default quota
  --quota MIB       what each delivery stream takes, in MiB a second (1)
  --rate N          events a second, of 1 KB each (as many as make 70 % of the quota)
  --destinations N  1 to 8 destinations in S3 (2)
  --every MINUTES   how often the stream is collected (5)
  --hours H         for how long events are raised, in quarters of an hour, up to 48 (3)
  --outage HOURS    for so long the last destination's delivery stream refuses every call, after half an hour (0)
  --json            the last line holds the figures of every row`;

const args = process.argv.slice(2);
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
  process.exitCode =
    args.includes('--load') && !args.includes('--help') ? await runLoad(args, context) : await runParts();
} catch (error) {
  const interrupted = signal.reason instanceof Interrupted ? signal.reason : undefined;
  process.stderr.write(`${interrupted?.message ?? (error as Error).stack}\n`);
  process.exitCode = interrupted?.exitCode ?? 1;
}
dispose();

async function runParts(): Promise<number> {
  const values = readFlags();
  if (values?.help) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  const numbers =
    values === undefined ? [Number.NaN] : [values.events, values.backlog, values.seed].map(Number);
  const [events = 0, backlog = 0, seed = 1] = numbers;
  if (values === undefined || numbers.some((number) => !Number.isSafeInteger(number) || number < 0)) {
    process.stderr.write(`${usage}\n`);
    return 2;
  }
  const results: SoakResult[] = [];
  const take = (result: SoakResult): void => {
    results.push(result);
    process.stdout.write(`${values.json ? asJson(result) : asText(result)}\n`);
  };
  if (events > 0) take(await simulateDay({ events, seed, context }));
  if (backlog > 0) take(await simulateBacklog({ events: backlog, seed, context }));
  await writeFile(values.svg, plotSoak(results));
  return results.every(({ sound }) => sound) ? 0 : 1;
}

/** Undefined for flags that it does not know. */
function readFlags() {
  try {
    return parseArgs({
      options: {
        events: { type: 'string', default: '20000000' },
        backlog: { type: 'string', default: '5000000' },
        seed: { type: 'string', default: '1' },
        svg: { type: 'string', default: 'soak.svg' },
        json: { type: 'boolean', default: false },
        load: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    return undefined;
  }
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
