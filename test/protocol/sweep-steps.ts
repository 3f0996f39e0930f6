import { attemptSteps, standing } from './attempt-steps.ts';
import type { Means } from './means.ts';
import { type At, isBusy, nextNumber, type SweepStep } from './pass.ts';
import type { Pass, Run } from './protocol-state.ts';
import type { Rules } from './rules.ts';
import { countLateApart, deleteOpen, openOf, settle, withOpen, writeProgress } from './state-changes.ts';

/**
 * The steps of "Sweep" in the design, of one pass at one run. A crash, a delivery that is throttled and the end of the
 * time are one step, since a pass remembers nothing. Each destination has a loop of its own, in any order beside the
 * others.
 */
export function sweepSteps(pass: Pass, run: Run, means: Means): readonly SweepStep[] {
  const { rules, configuration } = means;
  const steps: SweepStep[] = [];
  const may = (says: string, next: Pick<SweepStep, 'sweep' | 'run'> | undefined) => {
    if (next !== undefined) steps.push({ says, ...next });
  };
  pass.got.forEach((_, destination) => {
    const at = { pass, run, destination, ...means };
    const place = `at destination ${destination + 1}`;
    may(`emits its next batch as lost ${place}`, passLost(at));
    if (configuration.tries !== undefined) return;
    may(`has its next batch accepted ${place}`, deliverNext(at));
    may(`records its progress ${place}`, recordProgress(at));
  });
  if (configuration.tries !== undefined) steps.push(...attemptSteps(pass, run, means));
  may('writes complete into RUN#', writeRunRecord(pass, run, rules));
  may('deletes OPEN', close(pass, run, rules));
  may('emits what was missing as lost', tellAfter(pass, run));
  const end = { sweep: undefined, run };
  steps.push(isBusy(pass) ? { says: 'is killed', ...end, mishap: true } : { says: 'stops', ...end });
  return steps;
}

/**
 * The item and the list of the journal are read at once, and the last number is written with them: under a sealed
 * `OPEN` no object appears any more.
 */
export function takeOpen(run: Run, at: number, { rules, configuration }: Means): readonly SweepStep[] {
  const open = openOf(run);
  if (open === undefined || !rules.sealed(run, open, rules)) return [];
  const listed = rules.lists(run, open);
  const last = Math.max(listed.at(-1) ?? 0, open.lastNumber);
  const sweep: Pass = {
    run: at,
    listed,
    last,
    got: rules.sweepFrom(open),
    loops: open.done.map(() => 'idle'),
    suspects: rules.suspectsAlone ? standing(open, rules) : [],
    untold: [],
    recorded: false,
    closed: false,
  };
  const says = `takes the OPEN of run ${at + 1}`;
  if (!configuration.expiry) return [{ says, sweep, run }];
  const counted = open.counted || !rules.counts ? open : { ...open, lastNumber: last, counted: true };
  return [{ says, sweep, run: withOpen(run, { ...counted, looked: true }) }];
}

function deliverNext({ pass, run, destination, rules }: At) {
  const number = nextNumber(pass, destination);
  const object = run.journal.find((candidate) => candidate.number === number);
  if (number === undefined || object === undefined) return undefined;
  return {
    run: countLateApart(settle(run, object.answer, destination), destination, rules),
    sweep: { ...pass, got: pass.got.with(destination, number) },
  };
}

/** A number that the journal did not hold when it was listed: numbers have no gap, so its batch has expired. */
function passLost({ pass, run, destination, rules }: At) {
  const number = nextNumber(pass, destination);
  if (number === undefined || pass.listed.includes(number)) return undefined;
  const got = pass.got.with(destination, number);
  if (rules.tells === 'before') return { run: tell(run, [number]), sweep: { ...pass, got } };
  return { run, sweep: { ...pass, got, untold: [...new Set([...pass.untold, number])].sort() } };
}

function tell(run: Run, numbers: readonly number[]): Run {
  const lost = run.expired.filter(({ number }) => numbers.includes(number)).map(({ answer }) => answer);
  return { ...run, told: [...new Set([...run.told, ...lost])].sort() };
}

function recordProgress({ pass, run, destination, rules }: At) {
  const next = writeProgress(run, { destination, number: pass.got[destination]! }, rules);
  return next === undefined ? undefined : { run: next, sweep: pass };
}

function writeRunRecord(pass: Pass, run: Run, rules: Rules) {
  if (pass.recorded || !mayClose(pass, rules)) return undefined;
  return {
    run: { ...run, table: { ...run.table, record: 'complete' as const } },
    sweep: { ...pass, recorded: true },
  };
}

function close(pass: Pass, run: Run, rules: Rules) {
  const inTime = pass.recorded || (!rules.recordsRunFirst && mayClose(pass, rules));
  if (!inTime || pass.closed) return undefined;
  const tellsAfter = rules.tells === 'after' && pass.untold.length > 0;
  return {
    run: deleteOpen(run, { recorded: pass.recorded }),
    sweep: tellsAfter ? { ...pass, closed: true } : undefined,
  };
}

function mayClose(pass: Pass, rules: Rules): boolean {
  return rules.sweepMayClose(pass) && !isBusy(pass);
}

function tellAfter(pass: Pass, run: Run) {
  return pass.closed ? { run: tell(run, pass.untold), sweep: undefined } : undefined;
}
