import { eventId } from '../../functions/collector/answers/event-id.ts';
import { findLate, type ReceiverAges } from '../../functions/collector/delivery/late-events.ts';
import type { Cut } from '../../functions/collector/protocol/ports/answers.ts';
import type { DeployedStream } from '../access/deployed-relay.ts';
import type { JournalPlace } from '../replay/sources/journal.ts';
import { type RunsOnRecord, standingOf, toldLateOf } from './owed.ts';

/** The fate of a late event: not sent, or sent to a receiver that refuses, drops or re-dates it. */
export type Lateness = 'held-back' | 'refused' | 'dropped' | 're-dated';

export function latenessOf({ hold, otherwise }: ReceiverAges): Lateness {
  if (hold) return 'held-back';
  return ({ 'refuses-request': 'refused', drops: 'dropped', 're-dates': 're-dated' } as const)[otherwise];
}

export interface LateEvent {
  readonly eventId: string;
  /** The key of the journal's object. */
  readonly key: string;
  /** Within the batch, 0.. */
  readonly index: number;
}

/** Finds the events of journaled batches that were late for a destination when it was delivered to. */
export interface LateSearch {
  /** Takes note of a batch; those of a run in the order of their numbers. */
  see(place: JournalPlace, batch: { readonly cut: Cut; readonly collectedAt: number }): Promise<void>;
  /** The late events of the batches that were seen, by the name of each destination whose receiver has a limit. */
  found(): ReadonlyMap<string, readonly LateEvent[]>;
}

/**
 * The time of a delivery is not on record. An event that was late when it was collected was late when it was
 * delivered; of those that became late since, as many count as the run has told of beyond these, in the journal's
 * order. A run that ended by itself has told of every late event, so no more than it told count at all: the limit may
 * have been another one then.
 */
export function createLateSearch(
  { destinations, type }: Pick<DeployedStream, 'destinations' | 'type'>,
  { runs, now }: { readonly runs: RunsOnRecord; readonly now: number },
): LateSearch {
  const limited = destinations.flatMap(({ name, ages }) =>
    ages === undefined ? [] : [{ name, ages, runs: new Map<string, LateInRun>() }],
  );
  return {
    async see(place, { cut, collectedAt }) {
      for (const one of limited) {
        if ((await standingOf(one.name, place, runs)) !== 'accepted') continue;
        const { told, isAll } = await toldLateOf(one.name, place, runs);
        if (isAll && told === 0) continue;
        const found = one.runs.get(place.run) ?? { told, isAll, before: [], since: [] };
        one.runs.set(place.run, found);
        const before = findLate(cut, one.ages, collectedAt).marks;
        const since = findLate(cut, one.ages, now).marks;
        for (let index = 0; index < cut.count; index++) {
          if (before?.[index] !== 1 && since?.[index] !== 1) continue;
          const bytes = cut.source.subarray(cut.starts[index]!, cut.ends[index]!);
          const event = { eventId: eventId(type, bytes), key: place.key, index };
          if (before?.[index] === 1) found.before.push(event);
          else found.since.push(event);
        }
      }
    },
    found: () => new Map(limited.map((one) => [one.name, [...one.runs.values()].flatMap(lateOf)])),
  };
}

interface LateInRun {
  readonly told: number;
  /** True where the run has told of all its late events. */
  readonly isAll: boolean;
  /** Late already when they were collected. */
  readonly before: LateEvent[];
  /** In time when they were collected, and late by now. */
  readonly since: LateEvent[];
}

function lateOf({ told, isAll, before, since }: LateInRun): readonly LateEvent[] {
  const certain = isAll ? before.slice(0, told) : before;
  return [...certain, ...since.slice(0, Math.max(0, told - certain.length))];
}
