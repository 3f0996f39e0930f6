import type { OpenRun } from '../../functions/stored/open-item.ts';
import type { RunRecord } from '../../functions/stored/run-item.ts';
import type { Amount } from '../../functions/stored/waiting-events.ts';
import { type Counted, nothingCounted } from '../../functions/stored/waiting-events.ts';
import { exactly, isSome, none, sumOf } from './amount.ts';
import { type DeliveryFacts, lookBackMs } from './delivery-facts.ts';
import { readOwed } from './owed-batches.ts';
import { countGivenUp, countMessages, readQuarantine, type StoredPlaces } from './stored-places.ts';

/** Every place in which events wait on their way from Mosaic's answer to a receiver. */
export const places = ['journal', 'firehose', 'queue', 'deadLetters', 'backup', 'quarantine'] as const;
export type Place = (typeof places)[number];

/** The reckoning of one destination: what its receiver has not got, and what came of the last day. */
export interface Reckoning {
  /** Everything that the receiver has not got. */
  readonly waiting: Amount;
  /** The same by place: `backup` is what Firehose gave up, `queue` and `deadLetters` are a copier's. */
  readonly places: Readonly<Record<Place, Amount>>;
  /** Since when the oldest of it waits, milliseconds since the epoch; absent where nothing waits. */
  readonly oldestAt?: number;
  /** True where a run that is over has left batches of it to sweeps. */
  readonly isLeftToSweeps: boolean;
  readonly lastDay: LastDay;
}

/** Events of the runs that began within 24 hours. */
export interface LastDay {
  readonly collected: Amount;
  /** What its receiver has of them as far as known: never more than it really has. */
  readonly delivered: Amount;
  /** Too old or too new for the receiver. */
  readonly late: Amount;
  /** Left out by its view. */
  readonly dropped: Amount;
}

/** The state of one stream, from which its destinations are reckoned. */
export interface StreamState extends StoredPlaces {
  readonly open: readonly OpenRun[];
  /** Those of the last day at least. */
  readonly records: readonly RunRecord[];
  /** By the destination's name. */
  readonly facts: ReadonlyMap<string, DeliveryFacts>;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export interface StreamReckoning {
  /** By the destination's name. */
  readonly destinations: ReadonlyMap<string, Reckoning>;
  /** By the name of a destination that has left the settings: what open runs owe it. */
  readonly removed: ReadonlyMap<string, Amount>;
  /** Since when the oldest run waits that some destination lacks batches of; absent where there is none. */
  readonly undeliveredSince?: number;
  /** Entries in quarantine, and those of them that no destination of the settings is owed. */
  readonly quarantined: { readonly entries: number; readonly ofNobody: number };
}

export const dayMs = 86_400_000;

/**
 * Reckons for every destination of a stream what waits, where, and for how long. Commands, the local run and its page
 * show what this says, so that no two of them disagree.
 */
export async function reckonStream(state: StreamState): Promise<StreamReckoning> {
  const owed = await readOwed(state.open, state, state.now);
  const quarantine = await readQuarantine(state);
  const destinations = new Map<string, Reckoning>();
  for (const name of state.destinations) {
    const { queued = 0, deadLetters = 0, queueAgeMs } = state.facts.get(name) ?? {};
    const isFresh = (queueAgeMs ?? 0) < 60_000;
    const queue = await countMessages(name, { messages: queued, isFresh }, state);
    const counted: Readonly<Record<Place, Counted>> = {
      journal: await owed.of(name),
      firehose: heldByFirehose(name, state),
      queue: queueAgeMs === undefined || queued === 0 ? queue : { ...queue, since: state.now - queueAgeMs },
      deadLetters: await countMessages(name, { messages: deadLetters, isFresh: false }, state),
      backup: await countGivenUp(name, state),
      quarantine: await quarantine.of(name),
    };
    destinations.set(name, reckon(name, counted, { state, isLeftToSweeps: owed.isLeft(name) }));
  }
  const removed = new Map<string, Amount>();
  for (const name of owed.destinations)
    if (!destinations.has(name)) removed.set(name, (await owed.of(name)).amount);
  const { entries, ofNobody } = quarantine;
  const undeliveredSince = owed.since === undefined ? {} : { undeliveredSince: owed.since };
  return { destinations, removed, ...undeliveredSince, quarantined: { entries, ofNobody } };
}

function reckon(
  name: string,
  counted: Readonly<Record<Place, Counted>>,
  { state, isLeftToSweeps }: { readonly state: StreamState; readonly isLeftToSweeps: boolean },
): Reckoning {
  const amounts = Object.fromEntries(places.map((place) => [place, counted[place].amount])) as Record<
    Place,
    Amount
  >;
  const waiting = sumOf(places.map((place) => amounts[place]));
  const oldestAt = oldest(places.map((place) => counted[place]));
  return {
    waiting,
    places: amounts,
    ...(oldestAt === undefined ? {} : { oldestAt }),
    isLeftToSweeps,
    lastDay: lastDayOf(name, waiting, state),
  };
}

function oldest(counted: readonly Counted[]): number | undefined {
  const times = counted.flatMap(({ amount, since }) =>
    isSome(amount) && since !== undefined ? [since] : [],
  );
  return times.length === 0 ? undefined : Math.min(...times);
}

/**
 * Reckons what Firehose holds: what runs put since the oldest record that it held when it last told, or all that they put
 * while it has told nothing. Firehose itself has no metric of it.
 */
function heldByFirehose(name: string, state: StreamState): Counted {
  const { facts, records, now } = state;
  const { toldAt, freshnessMs = 0, deliverySuccess = 1, drained = false } = facts.get(name) ?? {};
  // An attempt that failed delivered nothing, so that the oldest record of then is still held.
  const heldSince =
    toldAt === undefined
      ? now - lookBackMs
      : drained
        ? toldAt + minuteMs
        : toldAt - (deliverySuccess < 1 ? freshnessMs : 0);
  const put = records.filter((record) => isOwedTo(record, name) && putAt(record) > heldSince);
  const events = put.reduce((sum, record) => sum + Math.ceil(eventsPut(record, name, state)), 0);
  if (events <= 0) {
    // It tries again what it has told of, though no record of a run says how many events that is.
    if (deliverySuccess >= 1 || freshnessMs === 0) return nothingCounted;
    return { amount: { events: 1, known: 'atLeast' }, since: heldSince };
  }
  const since = deliverySuccess < 1 ? heldSince : Math.min(...put.map(putAt));
  return { amount: { events, known: 'about' }, since };
}

/** Firehose tells each minute, under the time at which the minute began. */
const minuteMs = 60_000;

function putAt({ endedAt, sweptAt }: RunRecord): number {
  return sweptAt ?? endedAt;
}

/** A record of an earlier version names no destinations, and counts as owed to all. */
function isOwedTo({ destinations }: RunRecord, name: string): boolean {
  return destinations?.includes(name) !== false;
}

/** The events of a run that its destination's delivery stream has accepted: of a run that is still open, a share. */
function eventsPut(
  { run, events, lastNumber, views = {} }: RunRecord,
  name: string,
  { open }: StreamState,
): number {
  const { dropped = 0, refused = 0 } = views[name] ?? {};
  const done = open.find((each) => each.run === run)?.done[name] ?? lastNumber;
  return (events - dropped - refused) * (lastNumber === 0 ? 1 : Math.min(1, done / lastNumber));
}

function lastDayOf(name: string, waiting: Amount, { records, open, now }: StreamState): LastDay {
  const ofDay = records.filter((record) => record.startedAt > now - dayMs && isOwedTo(record, name));
  const total = (of: (record: RunRecord) => number) => ofDay.reduce((sum, record) => sum + of(record), 0);
  const collected = total(({ events }) => events);
  const lateNow = open.reduce((sum, { late = {} }) => sum + (late[name] ?? 0), 0);
  const late = total((record) => record.late?.[name] ?? 0) + lateNow;
  const dropped = total(({ views }) => views?.[name]?.dropped ?? 0);
  const refused = total(({ views }) => views?.[name]?.refused ?? 0);
  const delivered = Math.max(0, collected - late - dropped - refused - waiting.events);
  return {
    collected: exactly(collected),
    delivered: collected === 0 ? none : { events: delivered, known: 'atLeast' },
    late: exactly(late),
    dropped: exactly(dropped),
  };
}
