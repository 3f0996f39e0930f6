import type { Configuration } from './configuration.ts';
import type { Means } from './means.ts';
import type { Run } from './protocol-state.ts';
import type { Rules } from './rules.ts';
import { deleteOpen, forget, newOpen, openOf, type RunStep, withOpen } from './state-changes.ts';

/** How a run closes, seals or leaves its `OPEN`: "Record, close" of the design. Its end on `META` comes after. */
export function endSteps(run: Run, { rules, configuration }: Means): readonly RunStep[] {
  const steps: RunStep[] = [];
  const may = (says: string, next: Run | undefined) => {
    if (next !== undefined) steps.push({ says, next });
  };
  may('writes RUN#', writeRunRecord(run, rules));
  may('deletes OPEN', close(run, rules));
  may('seals OPEN', seal(run, rules, configuration));
  may('leaves OPEN as it is', leave(run, rules, configuration));
  return steps;
}

function writeRunRecord(run: Run, rules: Rules): Run | undefined {
  if (run.phase !== 'ending') return undefined;
  const complete = rules.saysComplete(run) || run.table.record === 'complete';
  return { ...run, phase: 'recorded', table: { ...run.table, record: complete ? 'complete' : 'ended' } };
}

function close(run: Run, rules: Rules): Run | undefined {
  const inTime = run.phase === 'recorded' || (run.phase === 'ending' && !rules.recordsRunFirst);
  return inTime && rules.mayClose(run)
    ? forget(deleteOpen(run, { recorded: run.phase === 'recorded' }), 'parting')
    : undefined;
}

function seal(run: Run, rules: Rules, configuration: Configuration): Run | undefined {
  if (run.phase !== 'recorded' || rules.mayClose(run) || !rules.maySeal(run)) return undefined;
  const open = openOf(run);
  if (open !== undefined) {
    const knows = configuration.expiry && rules.sealsLastNumber;
    const lastNumber = knows ? run.acknowledged : open.lastNumber;
    const counted = configuration.expiry ?? false;
    return forget(withOpen(run, { ...open, sealAfter: 'now', lastNumber, counted }), 'parting');
  }
  return forget(
    rules.writesOpenAnew
      ? withOpen(run, newOpen(run, { sealAfter: 'now', counted: true }, configuration))
      : run,
    'parting',
  );
}

/** A PUT is unacknowledged, so `OPEN` keeps its first `sealAfter`. */
function leave(run: Run, rules: Rules, configuration: Configuration): Run | undefined {
  if (run.phase !== 'recorded' || rules.mayClose(run) || rules.maySeal(run)) return undefined;
  const vanished = openOf(run) === undefined && rules.writesOpenAnew;
  const left = vanished ? withOpen(run, newOpen(run, rules.newOpen, configuration)) : run;
  return forget(left, 'parting');
}
