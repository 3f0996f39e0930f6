import type { OpenRun } from '../../stored/open-item.ts';
import { isCounted } from './sealed-run.ts';
import type { Pass } from './sweep-pass.ts';

/** What is undelivered, or waits for an operator, at the end of a pass. */
export interface Gauges {
  /** Age in ms of the oldest run that some destination of the settings lacks batches of; 0 when there is none. */
  readonly oldestUndeliveredMs: number;
  /** The same for runs that only removed destinations lack batches of. */
  readonly oldestOwedToRemovedMs: number;
  readonly openRuns: number;
  /** Objects in quarantine, and those that Firehose wrote of what destinations refused. */
  readonly waitingForOperator: number;
  /** Of those, what Firehose wrote, for each destination that it gave records of up; others are left out. */
  readonly givenUp: Readonly<Record<string, number>>;
  /** True where the objects were counted up to a bound, and there may be more. */
  readonly waitingAtLeast: boolean;
}

export async function measureGauges(pass: Pass, now: number): Promise<Gauges> {
  const { state, quarantine } = pass.ports;
  const open = (await state.openRuns.listOpen()).toSorted((a, b) => owedSince(a) - owedSince(b));
  const lackedBy = createLackedBy(pass);
  const oldest = { live: 0, removed: 0 };
  for (const each of open) {
    if (oldest.live > 0 && oldest.removed > 0) break;
    const by = await lackedBy(each);
    if (by !== undefined && oldest[by] === 0) oldest[by] = now - owedSince(each);
  }
  const refused = [...(await quarantine.refusedByDestinations())];
  const counts = [await quarantine.quarantined(), ...refused.map(([, counted]) => counted)];
  return {
    oldestUndeliveredMs: oldest.live,
    oldestOwedToRemovedMs: oldest.removed,
    openRuns: open.length,
    waitingForOperator: counts.reduce((sum, { objects }) => sum + objects, 0),
    givenUp: Object.fromEntries(refused.map(([name, { objects }]) => [name, objects])),
    waitingAtLeast: counts.some(({ atLeast }) => atLeast),
  };
}

/** Listings that the gauges may make: only of runs that are at work, or were killed and are not sealed yet. */
const mostListings = 20;

function createLackedBy({ ports, destinations, runs }: Pass) {
  const looked = new Map(runs.map(({ open, contents }) => [open.run, contents]));
  let listings = 0;
  const lastOf = async (open: OpenRun): Promise<number> => {
    if (isCounted(open)) return open.lastNumber!;
    const known = await looked.get(open.run)?.catch(() => undefined);
    if (known !== undefined) return known.last;
    const told = open.lastNumber ?? 0;
    if (Object.values(open.done).some((done) => done < told) || listings >= mostListings) return told;
    listings += 1;
    return Math.max(told, (await ports.journal.numbers(open)).at(-1) ?? 0);
  };
  return async (open: OpenRun): Promise<'live' | 'removed' | undefined> => {
    const last = await lastOf(open);
    const lacking = Object.keys(open.done).filter((name) => open.done[name]! < last);
    if (lacking.length === 0) return undefined;
    return lacking.some((name) => destinations.has(name)) ? 'live' : 'removed';
  };
}

function owedSince(open: OpenRun): number {
  return open.owedSince ?? open.startedAt;
}
