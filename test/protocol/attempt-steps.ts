import { untried } from './configuration.ts';
import type { Means } from './means.ts';
import { type At, isBusy, nextNumber, type SweepStep } from './pass.ts';
import type { Crashed, Loop, OpenItem, Pass, Run } from './protocol-state.ts';
import type { Rules } from './rules.ts';
import { openOf, settle, withOpen, writeProgress } from './state-changes.ts';

/**
 * The steps by which a pass delivers, where tries are counted: each attempt is counted on `OPEN` before it is made, and
 * ends as accepted, as refused, or with the process. A poison batch knows only the last.
 */
export function attemptSteps(pass: Pass, run: Run, means: Means): readonly SweepStep[] {
  return pass.got.flatMap((_, destination) => {
    const at = { pass, run, destination, ...means };
    const place = `at destination ${destination + 1}`;
    const loop = pass.loops[destination]!;
    if (loop === 'idle') return begin(at, place);
    if (loop === 'attempting') return endAttempt(at, place);
    return loop === 'accepted' ? record(at, place) : [];
  });
}

/** The destinations whose try stands: its batch is not done. */
export function standing(open: OpenItem, { successClears }: Rules): readonly number[] {
  return open.tries.flatMap(({ number, count }, destination) =>
    count > 0 && (!successClears || number > open.done[destination]!) ? [destination] : [],
  );
}

/** Suspects come first, one alone at a time. */
function begin(at: At, place: string): readonly SweepStep[] {
  const { pass, run, destination, rules, configuration } = at;
  const number = nextNumber(pass, destination);
  const alone = pass.suspects.length > 0;
  if (number === undefined || (alone && (isBusy(pass) || !pass.suspects.includes(destination)))) return [];
  const open = openOf(run);
  if (open === undefined) {
    return [{ says: `finds OPEN gone ${place}`, run, sweep: withLoop(pass, destination, 'ended') }];
  }
  const { limit } = configuration.tries!;
  const tried = triesOf(at, open, number) + 1;
  const count = rules.crashesQuarantine ? tried : Math.min(tried, limit);
  const counted = withOpen(run, { ...open, tries: open.tries.with(destination, { number, count }) });
  if (count <= limit) {
    const says = `attempts batch ${number}${alone ? ' alone' : ''} ${place}`;
    return [{ says, run: counted, sweep: withLoop(pass, destination, 'attempting') }];
  }
  const crashed = withCrashed(run, { number, destination, poison: isPoison(at, number) });
  return [
    {
      says: `puts batch ${number} unparsed in quarantine ${place}`,
      run: settle({ ...counted, crashed }, number, destination),
      sweep: withLoop(pass, destination, 'accepted'),
    },
  ];
}

function withCrashed({ crashed }: Run, one: Crashed): Run['crashed'] {
  const known = crashed.some(
    ({ number, destination }) => number === one.number && destination === one.destination,
  );
  return known ? crashed : [...crashed, one];
}

function triesOf({ destination, rules }: At, open: OpenItem, number: number): number {
  const { number: tried, count } = open.tries[destination]!;
  return tried === number || !rules.successClears ? count : 0;
}

function isPoison({ destination, configuration }: At, number: number): boolean {
  return configuration.tries!.poison.some((one) => one.number === number && one.destination === destination);
}

function endAttempt(at: At, place: string): readonly SweepStep[] {
  const { pass, run, destination, rules } = at;
  const number = nextNumber(pass, destination)!;
  if (isPoison(at, number)) return [{ says: `crashes by batch ${number} ${place}`, run, sweep: undefined }];
  return [
    {
      says: `has batch ${number} accepted ${place}`,
      run: settle(run, number, destination),
      sweep: withLoop(pass, destination, 'accepted'),
    },
    {
      says: `has batch ${number} refused ${place}`,
      run: rules.refusalCounts ? run : clearTries(run, destination),
      sweep: withLoop(pass, destination, 'ended'),
    },
  ];
}

/** `done`, which the table may refuse. */
function record(at: At, place: string): readonly SweepStep[] {
  const { pass, run, destination, rules } = at;
  const number = nextNumber(pass, destination)!;
  return [
    {
      says: `records its progress ${place}`,
      run: writeProgress(run, { destination, number }, rules) ?? run,
      sweep: { ...withLoop(pass, destination, 'idle'), got: pass.got.with(destination, number) },
    },
    {
      says: `has its progress refused by the table ${place}`,
      run: rules.refusedRecordCounts ? run : clearTries(run, destination),
      sweep: withLoop(pass, destination, 'ended'),
    },
  ];
}

function clearTries(run: Run, destination: number): Run {
  const open = openOf(run);
  return open === undefined ? run : withOpen(run, { ...open, tries: open.tries.with(destination, untried) });
}

/** A suspect that has been attempted is none any more in this pass. */
function withLoop(pass: Pass, destination: number, loop: Loop): Pass {
  const settled = loop === 'idle' || loop === 'ended';
  return {
    ...pass,
    loops: pass.loops.with(destination, loop),
    suspects: settled ? pass.suspects.filter((each) => each !== destination) : pass.suspects,
  };
}
