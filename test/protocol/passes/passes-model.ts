import type { Model, Step } from '../explore.ts';
import type { Backlog, PassesConfiguration, WaitingRun, World } from './backlog.ts';
import { onePass, type PassMeans } from './one-pass.ts';
import { type PassRules, passesOfTheDesign } from './pass-rules.ts';

export const l3 = 'L3: a pass brings each destination what it would if there were no others';
export const l4 = 'L4: a willing destination has its oldest batch within a bounded number of passes';
const empty = 'a backlog can always be emptied';

/**
 * Passes over a backlog, between which the world adds runs as it likes, and in which it refuses for whom it likes.
 *
 * L3 is judged by running each pass again for each destination alone, with the same backlog of its own. A process that
 * a poison batch ends is gone for everybody, so L3 is asked only where there is none. L4 counts the passes in which a
 * destination was willing and its oldest batch neither delivered nor put in quarantine.
 */
export function passesModel(
  configuration: PassesConfiguration,
  rules: PassRules = passesOfTheDesign,
): Model<Backlog> {
  const means = { rules, configuration };
  const nobody = new Array(configuration.destinations).fill(0);
  return {
    initial: { runs: [], waited: nobody, delayed: [] },
    steps: (backlog) => worlds(backlog, configuration).map((world) => nextPass(backlog, world, means)),
    key: (backlog) => JSON.stringify(backlog),
    broken: ({ waited, delayed }) => [
      ...(delayed.length > 0 ? [l3] : []),
      ...(waited.some((passes) => passes > configuration.bound) ? [l4] : []),
    ],
    stays: { name: empty, reachable: ({ runs }) => runs.length === 0 },
  };
}

function worlds(backlog: Backlog, configuration: PassesConfiguration): readonly World[] {
  const { destinations, runs, batches, poison } = configuration;
  const sizes = backlog.runs.length < runs ? upTo(batches) : [0];
  const poisoned = backlog.runs.flat().filter((owed) => owed.poison).length;
  const poisonable = poisoned < poison ? [undefined, ...upTo(destinations - 1)] : [undefined];
  return sizes.flatMap((size) =>
    (size === 0 ? [undefined] : poisonable).flatMap((poisonFor) =>
      upTo(2 ** destinations - 1).flatMap((bits) =>
        (poison === 0 ? (['all'] as const) : (['all', 'none'] as const)).map((luck) => ({
          batches: size,
          poisonFor,
          refuses: upTo(destinations - 1).map((destination) => (bits & (1 << destination)) !== 0),
          luck,
        })),
      ),
    ),
  );
}

function nextPass(before: Backlog, world: World, means: PassMeans): Step<Backlog> {
  const runs = withArrival(before, world);
  const { runs: after, brought } = onePass(runs, world, means);
  const waited = before.waited.map((passes, destination) => {
    const oldest = runs.findIndex((run) => run[destination]!.lacks > 0);
    if (oldest < 0 || world.refuses[destination]) return 0;
    return after[oldest]![destination]!.lacks < runs[oldest]![destination]!.lacks ? 0 : passes + 1;
  });
  const delayed = means.configuration.poison > 0 ? [] : delayedIn(runs, world, { brought, means });
  const left = after.filter((run) => run.some(({ lacks }) => lacks > 0));
  return { says: said(world, brought), next: { runs: left, waited, delayed } };
}

function withArrival({ runs, waited }: Backlog, { batches, poisonFor }: World): readonly WaitingRun[] {
  if (batches === 0) return runs;
  const arrived = waited.map((_, destination) => ({
    lacks: batches,
    poison: destination === poisonFor,
    tries: 0,
  }));
  return [...runs, arrived];
}

function delayedIn(
  runs: readonly WaitingRun[],
  world: World,
  { brought, means }: { readonly brought: readonly number[]; readonly means: PassMeans },
): readonly number[] {
  return brought.flatMap((batches, destination) => {
    const own = runs.map((run) =>
      run.map((owed, at) => (at === destination ? owed : { lacks: 0, poison: false, tries: 0 })),
    );
    const refuses = world.refuses.map((refused, at) => refused && at === destination);
    return onePass(own, { ...world, refuses }, means).brought[destination]! > batches ? [destination] : [];
  });
}

function said({ batches, poisonFor, refuses, luck }: World, brought: readonly number[]): string {
  const poison = poisonFor === undefined ? '' : `, poison for destination ${poisonFor + 1}`;
  const refusing = refuses.flatMap((refused, at) => (refused ? [at + 1] : []));
  return `a run of ${batches}${poison}; a pass, refused by [${refusing}], luck ${luck}, brings ${brought.join(' and ')}`;
}

/** 0, 1, ... up to the last, included. */
function upTo(last: number): readonly number[] {
  return Array.from({ length: last + 1 }, (_, at) => at);
}
