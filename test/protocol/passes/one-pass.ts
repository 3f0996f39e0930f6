import type { Owed, PassesConfiguration, WaitingRun, World } from './backlog.ts';
import type { PassRules } from './pass-rules.ts';

/** What one pass makes of the runs, and how many batches it has brought each destination. */
export interface PassOutcome {
  readonly runs: readonly WaitingRun[];
  readonly brought: readonly number[];
}

/**
 * One pass over a backlog: batches with a try standing first, one alone at a time, then the loops, side by side.
 *
 * Each attempt takes one unit of time, also one that is refused. A poison batch ends the process.
 */
export function onePass(
  runs: readonly WaitingRun[],
  { refuses, luck }: Pick<World, 'refuses' | 'luck'>,
  { rules, configuration }: PassMeans,
): PassOutcome {
  const pass: Pass = {
    runs: runs.map((run) => [...run]),
    brought: refuses.map(() => 0),
    refused: refuses.map(() => false),
    refuses,
    rules,
  };
  const spent = attemptSuspects(pass);
  if (spent !== 'crashed') {
    const loops = rules.loops(refuses.map((_, destination) => destination));
    const crashing = loops.filter(
      (loop) => runLoop(copyOf(pass), loop, configuration.capacity - spent) === 'crashed',
    );
    for (const loop of loops) {
      const cut = crashing.length > 0 && !crashing.includes(loop) && luck === 'none';
      if (cut) countFirst(pass, loop);
      else runLoop(pass, loop, configuration.capacity - spent);
    }
  }
  return { runs: pass.runs, brought: pass.brought };
}

export interface PassMeans {
  readonly rules: PassRules;
  readonly configuration: PassesConfiguration;
}

interface Pass {
  readonly runs: Owed[][];
  readonly brought: number[];
  readonly refused: boolean[];
  readonly refuses: readonly boolean[];
  readonly rules: PassRules;
}

function copyOf(pass: Pass): Pass {
  return {
    ...pass,
    runs: pass.runs.map((run) => [...run]),
    brought: [...pass.brought],
    refused: [...pass.refused],
  };
}

/** The time that suspects take, during which every loop waits. */
function attemptSuspects(pass: Pass): number | 'crashed' {
  let spent = 0;
  if (!pass.rules.suspectsFirst) return spent;
  for (const run of pass.runs) {
    for (const [destination, { lacks, tries }] of run.entries()) {
      if (lacks === 0 || tries === 0) continue;
      spent += 1;
      if (attempt(pass, run, destination) === 'crashed') return 'crashed';
    }
  }
  return spent;
}

function runLoop(pass: Pass, destinations: readonly number[], time: number): 'ended' | 'crashed' {
  let left = time;
  for (const run of pass.rules.order(pass.runs)) {
    for (const destination of destinations) {
      while (run[destination]!.lacks > 0 && !pass.refused[destination] && left > 0) {
        left -= 1;
        const outcome = attempt(pass, run, destination);
        if (outcome === 'crashed') return 'crashed';
        if (outcome === 'refused' && pass.rules.refusalEndsLoop) return 'ended';
      }
    }
  }
  return 'ended';
}

/** The process ends with the loop's first attempt under way. */
function countFirst({ runs, rules }: Pass, destinations: readonly number[]): void {
  for (const run of rules.order(runs)) {
    for (const destination of destinations) {
      const one = run[destination]!;
      if (one.lacks === 0) continue;
      run[destination] = { ...one, tries: one.tries + 1 };
      return;
    }
  }
}

function attempt(pass: Pass, run: Owed[], destination: number): 'done' | 'refused' | 'crashed' {
  const { rules, refuses, refused, brought } = pass;
  const one = run[destination]!;
  const tries = one.tries + 1;
  if (one.poison && tries <= rules.limit) {
    run[destination] = { ...one, tries };
    return 'crashed';
  }
  if (!one.poison && refuses[destination]) {
    run[destination] = { ...one, tries: rules.refusalCounts ? Math.min(tries, rules.limit) : 0 };
    refused[destination] = true;
    return 'refused';
  }
  // Delivered, or put in quarantine.
  run[destination] = { lacks: one.lacks - 1, poison: false, tries: rules.successClears ? 0 : 1 };
  brought[destination]! += 1;
  return 'done';
}
