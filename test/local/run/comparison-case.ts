import { createHash } from 'node:crypto';
import type { Holding, JournaledEvents, QuarantinedEvents } from '../../../local/run/compared-sets.ts';
import { compareStream } from '../../../local/run/comparison.ts';
import type { SeenThrough } from '../../../local/run/seen-events.ts';

/** What was generated, journaled and delivered of one stream. */
export interface Case {
  readonly generated: readonly string[] | undefined;
  readonly holdings: readonly (readonly string[])[];
  readonly quarantined?: readonly (readonly [string, string | undefined])[];
  /** The only event that the last destination is owed. */
  readonly owedToLast?: string;
  /** The only event that is too old for the last destination's receiver. */
  readonly tooOldForLast?: string;
  /** Further ones. */
  readonly alsoTooOldForLast?: readonly string[];
  /** How many late events the run of that event has told of for the last destination; 1, when absent. */
  readonly heldBackForLast?: number;
  /** Events that the last destination's receiver has told of as late. */
  readonly toldForLast?: readonly string[];
  /** The runs of events that share one with another. */
  readonly runs?: Readonly<Record<string, string>>;
  /** What the last destination's view makes of an event; undefined of one that it drops. */
  readonly seenByLast?: (event: string) => string | undefined;
  /** Whether the receivers keep every line under another time. */
  readonly redated?: boolean;
  /** What was generated, when absent. */
  readonly journaled?: readonly string[];
  /** Events whose batches an operator has erased since. */
  readonly erased?: readonly string[];
  /** Lines that an operator has erased at the last destination. */
  readonly erasedAtLast?: readonly string[];
  /** What lies in an answer of the journal that is no array. */
  readonly inDamaged?: readonly string[];
  /** Since when the journal keeps what was collected. */
  readonly keptSince?: string;
}

const journaledAt = '2026-03-01T00:01:30.000Z';
/** When those of another batch were. */
export const later = '2026-03-01T00:01:31.000Z';

/** Compares a stream whose destinations are `to-0`, `to-1`, … */
export function compare(wanted: Case) {
  const { generated, holdings, quarantined = [], journaled = generated ?? [], owedToLast } = wanted;
  const { erased = [], erasedAtLast, inDamaged = [], keptSince, redated, runs = {} } = wanted;
  const { seenByLast } = wanted;
  const { tooOldForLast, alsoTooOldForLast = [], heldBackForLast = 1, toldForLast = [] } = wanted;
  const journal: JournaledEvents = {
    async eachEvent(visit) {
      const batch = { collectedAt: Date.parse(journaledAt), damaged: false };
      for (const raw of journaled) visit(Buffer.from(raw), { ...batch, run: runs[raw] ?? `run of ${raw}` });
      for (const raw of erased) visit(Buffer.from(raw), { ...batch, run: `run of ${raw}`, isErased: true });
      for (const raw of inDamaged)
        visit(Buffer.from(raw), { ...batch, damaged: true, run: 'run of the damaged' });
    },
    ...(keptSince !== undefined && { keptSince: Date.parse(keptSince) }),
  };
  const quarantine: QuarantinedEvents = {
    async eachEvent(visit) {
      for (const [raw, destination] of quarantined) visit(Buffer.from(raw), destination);
    },
  };
  return compareStream({
    generated: generated?.map((event) => Buffer.from(event)),
    holdings: holdings.map(
      (lines, position): Holding => ({
        kind: 's3',
        name: `to-${position}`,
        async eachLine(visit) {
          for (const one of lines) visit(Buffer.from(one), redated);
        },
        ...(tooOldForLast !== undefined &&
          position === holdings.length - 1 && {
            late: {
              isLate: (raw) => [tooOldForLast, ...alsoTooOldForLast].includes(Buffer.from(raw).toString()),
              heldBack: (run) => (run === `run of ${tooOldForLast}` ? heldBackForLast : 0),
              async eachId(visit) {
                for (const event of toldForLast) visit(id(event));
              },
            },
          }),
        ...(erasedAtLast !== undefined &&
          position === holdings.length - 1 && {
            async eachErased(visit) {
              for (const one of erasedAtLast) visit(Buffer.from(one));
            },
          }),
        ...(seenByLast !== undefined && position === holdings.length - 1 && { seen: through(seenByLast) }),
        ...(owedToLast !== undefined &&
          position === holdings.length - 1 && { owes: (run) => run === `run of ${owedToLast}` }),
      }),
    ),
    quarantine,
    journal,
    digest: id,
  });
}

function through(see: (event: string) => string | undefined): SeenThrough {
  return {
    label: viewLabel,
    keyIds: ['k1', 'k2'],
    see(raw, key) {
      const bytes = see(Buffer.from(raw).toString());
      return bytes === undefined ? undefined : { id: keyedId(raw, key), bytes: Buffer.from(bytes) };
    },
  };
}

const viewLabel = 'v@00000000';

function keyedId(raw: Uint8Array | string, key = 'k1'): string {
  return id(`${key} ${id(raw)}`);
}

/** An event as a destination with a view keeps it. @param seen what the view made of it */
export function seenLine(
  event: string,
  seen: string,
  { view = viewLabel, key = 'k1', named = key }: { view?: string; key?: string; named?: string } = {},
): string {
  const member = {
    type: 'cis',
    stream: 's',
    id: keyedId(event, key),
    collected_at: journaledAt,
    view,
    key: named,
  };
  return `${seen.slice(0, -1)},"_relay":${JSON.stringify(member)}}`;
}

/** The id by which lines name an event. */
export function id(raw: Uint8Array | string): string {
  return createHash('sha256').update(raw).digest('hex').slice(0, 32);
}

/** The member that the relay adds to an event. */
export function relay(event: string, at = journaledAt): string {
  const member = { type: 'cis', stream: 's', id: id(event), collected_at: at };
  return `"_relay":${JSON.stringify(member)}`;
}

/** An event as `s3` keeps it. */
export function line(event: string): string {
  return `${event.slice(0, -1)},${relay(event)}}`;
}

/** A line of another batch. */
export function lineLater(event: string): string {
  return `${event.slice(0, -1)},${relay(event, later)}}`;
}

/** An event that cannot take a member. */
export function wrapped(event: string): string {
  return `{"event":${event},${relay(event)}}`;
}

/** An event as Splunk's HEC takes it. */
export function envelope(event: string): string {
  const fields = { type: 'cis', stream: 's', event_id: id(event), collected_at: '2026-03-01T00:01:30.000Z' };
  return `{"time":1.5,"host":"h","source":"s","sourcetype":"t","event":${event},"fields":${JSON.stringify(fields)}}`;
}
