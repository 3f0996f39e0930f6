import type { Meta } from '../../stored/meta-item.ts';
import type { OpenRun } from '../../stored/open-item.ts';
import { nothingCounted } from '../../stored/waiting-events.ts';
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
  /** What each destination of the settings lacks and no run is at work on; destinations that lack nothing are left out. */
  readonly lacking: Readonly<Record<string, Lacking>>;
}

/** What a destination lacks: batches that are left to sweeps, quarantine, and what Firehose gave up. */
export interface Lacking {
  /** Reckoned from the stream's mean batch, and from the sizes of objects. */
  readonly events: number;
  /** Age in ms of the oldest of them; 0 where only the quarantine has something. */
  readonly oldestMs: number;
}

export async function measureGauges(pass: Pass, now: number): Promise<Gauges> {
  const { state, quarantine } = pass.ports;
  const open = (await state.openRuns.listOpen()).toSorted((a, b) => owedSince(a) - owedSince(b));
  const lastOf = createLastOf(pass);
  const oldest = { live: 0, removed: 0 };
  const left = new Map<string, { batches: number; since: number }>();
  for (const each of open) {
    const last = await lastOf(each);
    const lacking = Object.entries(each.done).filter(([, done]) => done < last);
    if (lacking.length === 0) continue;
    const by = lacking.some(([name]) => pass.destinations.has(name)) ? 'live' : 'removed';
    if (oldest[by] === 0) oldest[by] = now - owedSince(each);
    // What a run is at work on is no backlog.
    if (each.sealAfter > now) continue;
    for (const [name, done] of lacking) {
      const { batches, since } = left.get(name) ?? { batches: 0, since: owedSince(each) };
      left.set(name, { batches: batches + last - done, since });
    }
  }
  const refused = [...(await quarantine.refusedByDestinations())];
  const quarantined = await quarantine.quarantined();
  const counts = [quarantined, ...refused.map(([, counted]) => counted)];
  const meanBatch = eventsOfBatch(pass.meta);
  const lacking: [string, Lacking][] = [];
  for (const name of pass.destinations.keys()) {
    const { batches, since } = left.get(name) ?? { batches: 0, since: now };
    const isRefused = refused.some(([of]) => of === name);
    const givenUp = isRefused ? await quarantine.eventsGivenUp(name) : nothingCounted;
    const events = Math.ceil(batches * meanBatch) + givenUp.amount.events + quarantined.objects;
    const oldestMs = now - Math.min(since, givenUp.since ?? now);
    if (events > 0) lacking.push([name, { events, oldestMs }]);
  }
  return {
    oldestUndeliveredMs: oldest.live,
    oldestOwedToRemovedMs: oldest.removed,
    openRuns: open.length,
    waitingForOperator: counts.reduce((sum, { objects }) => sum + objects, 0),
    givenUp: Object.fromEntries(refused.map(([name, { objects }]) => [name, objects])),
    waitingAtLeast: counts.some(({ atLeast }) => atLeast),
    lacking: Object.fromEntries(lacking),
  };
}

/** The mean of all that the stream has given, and one event at least. */
function eventsOfBatch(meta: Meta | undefined): number {
  const { events, batches } = meta?.totals ?? { events: 0, batches: 0 };
  return batches === 0 ? 1 : Math.max(1, events / batches);
}

/** Listings that the gauges may make: only of runs that are at work, or were killed and are not sealed yet. */
const mostListings = 20;

function createLastOf({ ports, runs }: Pass): (open: OpenRun) => Promise<number> {
  const looked = new Map(runs.map(({ open, contents }) => [open.run, contents]));
  let listings = 0;
  return async (open) => {
    if (isCounted(open)) return open.lastNumber!;
    const known = await looked.get(open.run)?.catch(() => undefined);
    if (known !== undefined) return known.last;
    const told = open.lastNumber ?? 0;
    if (Object.values(open.done).some((done) => done < told) || listings >= mostListings) return told;
    listings += 1;
    return Math.max(told, (await ports.journal.numbers(open)).at(-1) ?? 0);
  };
}

function owedSince(open: OpenRun): number {
  return open.owedSince ?? open.startedAt;
}
