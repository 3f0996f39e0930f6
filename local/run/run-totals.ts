import { count } from '../../cli/text.ts';
import type { StreamOutcome } from './report.ts';
import { problemsOf, type ResultOptions } from './show-result.ts';

/** Adds up many runs. */
export function createRunTotals(): RunTotals {
  const sums: Record<(typeof figures)[number], number> = {
    generated: 0,
    journaled: 0,
    delivered: 0,
    unjournaled: 0,
    lost: 0,
    duplicated: 0,
    swept: 0,
    quarantined: 0,
    witnessed: 0,
    possibleLoss: 0,
    faults: 0,
  };
  const losses = new Map<string, number>();
  const faults = new Map<string, number>();
  let [runs, unsound] = [0, 0];
  let elapsedMs = 0;
  const addTo = (tally: Map<string, number>, name: string, number: number): void => {
    tally.set(name, (tally.get(name) ?? 0) + number);
  };
  return {
    add(seed, outcomes, options) {
      const own = figuresOf(outcomes);
      for (const figure of figures) sums[figure] += own[figure];
      for (const { ordeal, faults: befell = {} } of outcomes) {
        for (const { cause, events } of ordeal?.losses ?? []) addTo(losses, cause, events);
        for (const [name, number] of Object.entries(befell)) addTo(faults, name, number);
      }
      const problems = problemsOf(outcomes, options);
      runs += 1;
      if (problems.length > 0) unsound += 1;
      elapsedMs += options.elapsedMs;
      const verdict = problems.length === 0 ? 'sound' : 'NOT SOUND';
      return {
        line: `seed ${seed}: ${verdict}, ${inWords(own)}, ${Math.round(options.elapsedMs)} ms`,
        problems,
      };
    },
    fail(error) {
      runs += 1;
      unsound += 1;
      return error instanceof Error ? (error.stack ?? error.message) : String(error);
    },
    sound: () => unsound === 0,
    lines: () => [
      `${count(runs)} runs, ${count(unsound)} of them not sound: ${inWords(sums)}, ${Math.round(elapsedMs / 1_000)} s`,
      ...[...losses].map(([cause, events]) => `  lost: ${count(events)} ${cause}`),
      ...[...faults].sort().map(([name, number]) => `  befell: ${count(number)} ${name}`),
    ],
    report: () => ({
      runs,
      unsound,
      ...sums,
      losses: Object.fromEntries(losses),
      befell: Object.fromEntries(faults),
    }),
  };
}

export interface RunTotals {
  /** Adds a run. @returns a line for the run, and its problems */
  add(
    seed: number,
    outcomes: readonly StreamOutcome[],
    options: ResultOptions,
  ): { readonly line: string; readonly problems: readonly string[] };
  /** Adds a run that did not end. @returns the text to print about it */
  fail(error: unknown): string;
  sound(): boolean;
  /** For people. */
  lines(): readonly string[];
  /** For `--json`. */
  report(): object;
}

const figures = [
  'generated',
  'journaled',
  'delivered',
  'unjournaled',
  'lost',
  'duplicated',
  'swept',
  'quarantined',
  'witnessed',
  'possibleLoss',
  'faults',
] as const;

function figuresOf(outcomes: readonly StreamOutcome[]): Record<(typeof figures)[number], number> {
  const sum = (of: (outcome: StreamOutcome) => number): number =>
    outcomes.reduce((total, outcome) => total + of(outcome), 0);
  return {
    generated: sum(({ comparison }) => comparison.generated),
    journaled: sum(({ comparison }) => comparison.journaled),
    delivered: sum(({ comparison }) => comparison.delivered),
    unjournaled: sum(({ comparison }) => comparison.unjournaled),
    lost: sum(({ comparison }) => comparison.missing),
    duplicated: sum(({ comparison }) => comparison.duplicates),
    swept: sum(({ ordeal }) => ordeal?.swept ?? 0),
    quarantined: sum(({ comparison }) => comparison.quarantined),
    witnessed: sum(({ collected }) => collected.recovered ?? 0),
    possibleLoss: sum(({ ordeal }) => ordeal?.possibleLoss ?? 0),
    faults: sum(({ faults = {} }) => Object.values(faults).reduce((total, one) => total + one, 0)),
  };
}

function inWords(of: Readonly<Record<(typeof figures)[number], number>>): string {
  return figures.map((figure) => `${count(of[figure])} ${figure}`).join(', ');
}
