import { durationText } from '../../../cli/text.ts';
import type { RunContext } from '../../../local/run/run-context.ts';
import type { SoakFlags } from '../soak-program.ts';
import { askedRow } from './asked-row.ts';
import type { LoadResult } from './load-result.ts';
import { describeRow } from './load-row.ts';
import { loadTable } from './load-table.ts';
import { simulateLoad } from './simulate-load.ts';

/**
 * `npm run soak -- --load`: one row as the flags say, or without any the whole table.
 *
 * @returns the exit code: 0 every row holds and nothing is missing, 1 one does not
 * @throws {WrongUse} before anything is synthesised
 */
export async function runLoad(flags: SoakFlags, context: RunContext): Promise<number> {
  const startedAt = performance.now();
  const { stdout, stderr } = context;
  const row = askedRow(flags);
  const rows = row === undefined ? loadTable(tableQuotaMiB) : [row];
  const results: LoadResult[] = [];
  for (const [place, planned] of rows.entries()) {
    if (rows.length > 1)
      stderr.write(
        `row ${place + 1} of ${rows.length}, ${durationText(performance.now() - startedAt)} so far\n`,
      );
    const result = await simulateLoad(planned, context);
    results.push(result);
    (flags.json ? stderr : stdout).write(`${asText(result)}\n`);
  }
  const elapsedMs = Math.round(performance.now() - startedAt);
  if (flags.json)
    stdout.write(`${JSON.stringify({ load: results.map(({ figures }) => figures), elapsedMs })}\n`);
  return results.every(({ figures }) => figures.levelsOff && figures.missing === 0) ? 0 : 1;
}

/** The smallest part of Firehose's default quota that shows the same as the whole. */
const tableQuotaMiB = 0.25;

function asText({ row, figures, problems }: LoadResult): string {
  const highest = (of: readonly (readonly number[])[]) => of.map((each) => Math.max(0, ...each)).join(' / ');
  const verdict = problems.length === 0 ? 'holds' : `does not hold: ${problems.join('; ')}`;
  return (
    `${describeRow(row)}: ${verdict}; at most ${highest(figures.undeliveredMiB)} MiB undelivered, ` +
    `the oldest ${highest(figures.oldestUndeliveredSeconds)} s; ${figures.journalObjects} journal objects, ` +
    `busy ${figures.busySeconds} s, ${figures.missing} missing, ${figures.duplicates} duplicates, ${figures.peakMb} MB`
  );
}
