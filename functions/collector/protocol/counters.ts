import type { UnknownNames } from '../../stored/unknown-names.ts';
import type { Delivered, ViewCounts } from './delivered.ts';
import type { UnknownCounts } from './ports/answers.ts';

/** What a run or a sweep counts. The counters are emitted once, at the end. */
export interface Counters {
  events: number;
  batches: number;
  sourceBytes: number;
  fullAnswers: number;
  shortAnswers: number;
  emptyAnswers: number;
  records: number;
  rawBytes: number;
  billedBytes: number;
  quarantined: number;
  recordsRefused: number;
  /** Batches, at most, that may have been consumed and not journaled. */
  possibleLoss: number;
  /** Batches that had left the journal before some destination had them. */
  lost: number;
  streamReopened: number;
  credentialRefused: number;
  /** Runs that ended since the source gave one answer again and again. */
  sourceRepeats: number;
  /** Batches handed to Firehose without a journal, since S3 refused. */
  lastResort: number;
  swept: number;
  /** By the destination's name: events that were late for its receiver. */
  late: Record<string, number>;
  /** By the name of a destination that has a view: what the view made of events that were delivered. */
  views: Record<string, ViewCounts>;
  /** By the name of a destination that has a shape: delivered events of activities that the table does not know. */
  unmapped: Record<string, number>;
  journalMs: number;
  deliverMs: number;
  /** Duration of each collect call. */
  collectMs: number[];
  /** The newest event's own timestamp. */
  newestEventAt: number | undefined;
  /** What a sample of the events has that no document names. */
  readonly unknown: UnknownCounts;
}

export function zeroCounters(): Counters {
  return {
    events: 0,
    batches: 0,
    sourceBytes: 0,
    fullAnswers: 0,
    shortAnswers: 0,
    emptyAnswers: 0,
    records: 0,
    rawBytes: 0,
    billedBytes: 0,
    quarantined: 0,
    recordsRefused: 0,
    possibleLoss: 0,
    lost: 0,
    streamReopened: 0,
    credentialRefused: 0,
    sourceRepeats: 0,
    lastResort: 0,
    swept: 0,
    late: {},
    views: {},
    unmapped: {},
    journalMs: 0,
    deliverMs: 0,
    collectMs: [],
    newestEventAt: undefined,
    unknown: { events: 0, sampled: 0, activities: 0, members: 0, names: new Map() },
  };
}

/** As it is stored and logged; undefined where all that was looked at is known. */
export function unknownNamesOf({ unknown }: Pick<Counters, 'unknown'>): UnknownNames | undefined {
  const { sampled, activities, members, names } = unknown;
  if (activities === 0 && members === 0) return undefined;
  return { sampled, activities, members, names: [...names.values()].map((each) => ({ ...each })) };
}

export function countDelivered(
  counters: Counters,
  destination: string,
  delivered: Pick<Delivered, 'records' | 'rawBytes' | 'billedBytes' | 'quarantined' | 'view' | 'unmapped'>,
): void {
  counters.records += delivered.records;
  counters.rawBytes += delivered.rawBytes;
  counters.billedBytes += delivered.billedBytes;
  counters.quarantined += delivered.quarantined;
  if (delivered.view !== undefined)
    counters.views[destination] = sumOfViews(delivered.view, counters.views[destination]);
  if (delivered.unmapped > 0)
    counters.unmapped[destination] = (counters.unmapped[destination] ?? 0) + delivered.unmapped;
}

function sumOfViews(one: ViewCounts, other: ViewCounts = noViewCounts): ViewCounts {
  const rules = { ...other.rules };
  for (const [name, count] of Object.entries(one.rules)) rules[name] = (rules[name] ?? 0) + count;
  return {
    events: one.events + other.events,
    dropped: one.dropped + other.dropped,
    refused: one.refused + other.refused,
    rules,
  };
}

const noViewCounts: ViewCounts = { events: 0, dropped: 0, refused: 0, rules: {} };

export function countLate(counters: Counters, destination: string, events: number): void {
  if (events > 0) counters.late[destination] = (counters.late[destination] ?? 0) + events;
}
