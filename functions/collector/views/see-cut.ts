import {
  type CompiledView,
  changesMembers,
  hidesSomething,
  writtenPath,
} from '../../stored/compiled-view.ts';
import { eventFlags } from '../answers/cut-events.ts';
import { eventIdLength, eventIds, setEventIds } from '../answers/event-id.ts';
import type { ViewCounts } from '../protocol/delivered.ts';
import type { Cut } from '../protocol/ports/answers.ts';
import { createKeyedHash, type KeyedHash, writeLatin1 } from './keyed-hash.ts';
import { createShaper, cutAgain } from './shape/shape-cut.ts';
import type { ViewKey } from './view-key.ts';
import { ViewWriter } from './view-writer.ts';

/** What a destination may see of a batch. */
export interface SeenCut {
  /** The events that are seen, as they are seen. Their ids are keyed where the view changes members. */
  readonly cut: Cut;
  /** The index of each of them in the batch. */
  readonly indexes: Uint32Array;
  /** The id of the key that the ids are made with; absent where they are the raw ones. */
  readonly key?: string;
  readonly counts: ViewCounts;
  /** False for a view that is a shape alone, which shows every event. */
  readonly hides: boolean;
  /** Events of activities that the view's shape does not know; 0 without a shape. */
  readonly unmapped: number;
}

/**
 * Gives what a view shows of a batch. A shape writes the time of collection, in ms since the epoch, where an event has no
 * readable timestamp.
 */
export type Seer = (cut: Cut, type: string, collectedAt: number) => SeenCut;

/** Makes a function that gives what a view shows of a batch, in the view's shape. The view of one cut is made once. */
export function createSeer(view: CompiledView, key: ViewKey | undefined): Seer {
  const see = hidesSomething(view) ? createRuled(view, key) : seeAll;
  if (view.shape === undefined) return see;
  const shape = createShaper(view.shape);
  const isRuled = hidesSomething(view);
  const known = new WeakMap<Cut, SeenCut>();
  return (cut, type, collectedAt) => {
    let shaped = known.get(cut);
    if (shaped === undefined) {
      const seen = see(cut, type);
      const made = shape(isRuled ? cutAgain(seen.cut, type) : cut, { type, collectedAt });
      shaped = { ...seen, cut: made.cut, unmapped: made.unknown };
      known.set(cut, shaped);
    }
    return shaped;
  };
}

/** A view without rules shows every event as it is. */
function seeAll(cut: Cut): SeenCut {
  const indexes = Uint32Array.from({ length: cut.count }, (_, index) => index);
  return {
    cut,
    indexes,
    counts: { events: cut.count, dropped: 0, refused: 0, rules: {} },
    hides: false,
    unmapped: 0,
  };
}

function createRuled(view: CompiledView, key: ViewKey | undefined): (cut: Cut, type: string) => SeenCut {
  const writer = new ViewWriter(view, key);
  const names = ruleNames(view);
  const idKey = changesMembers(view) ? key : undefined;
  const keyed = idKey && createKeyedHash(idKey.secret, 'id:');
  const known = new WeakMap<Cut, SeenCut>();
  return (cut, type) => {
    let seen = known.get(cut);
    if (seen === undefined) {
      seen = { ...see(cut, writer, names), key: idKey?.id };
      setEventIds(seen.cut, { type, ids: idsOf(seen.indexes, eventIds(cut, type), keyed) });
      known.set(cut, seen);
    }
    return seen;
  };
}

/**
 * The ids of the events that are seen: HMAC over the raw id, so that no destination with masked members can find a value
 * by trying. Without a key they are the raw ones.
 */
function idsOf(indexes: Uint32Array, raw: Buffer, keyed: KeyedHash | undefined): Buffer {
  const ids = Buffer.allocUnsafe(indexes.length * eventIdLength);
  for (let place = 0; place < indexes.length; place++) {
    const at = place * eventIdLength;
    const rawAt = indexes[place]! * eventIdLength;
    if (keyed === undefined) raw.copy(ids, at, rawAt, rawAt + eventIdLength);
    else writeLatin1(keyed(raw, rawAt, rawAt + eventIdLength), eventIdLength, ids, at);
  }
  return ids;
}

function see(cut: Cut, writer: ViewWriter, names: readonly string[]): SeenCut {
  writer.begin(cut.source.length);
  const starts = new Uint32Array(cut.count);
  const ends = new Uint32Array(cut.count);
  const flags = new Uint8Array(cut.count);
  const timestampStarts = new Uint32Array(cut.count);
  const timestampEnds = new Uint32Array(cut.count);
  const indexes = new Uint32Array(cut.count);
  let count = 0;
  let refused = 0;
  for (let index = 0; index < cut.count; index++) {
    starts[count] = writer.length;
    const outcome = writer.write(cut, index);
    if (outcome === 'refused') refused += 1;
    if (outcome !== 'written') continue;
    ends[count] = writer.length;
    flags[count] = flagsOf(cut.flags[index]!, writer);
    timestampStarts[count] = writer.timestampStart;
    timestampEnds[count] = writer.timestampEnd;
    indexes[count] = index;
    count += 1;
  }
  const source = writer.target.subarray(0, writer.length);
  return {
    cut: {
      source,
      // The view of an answer without line breaks has none.
      singleLine: cut.singleLine === cut.source ? source : source.map(asSpace),
      count,
      starts: starts.subarray(0, count),
      ends: ends.subarray(0, count),
      flags: flags.subarray(0, count),
      timestamps: {
        starts: timestampStarts.subarray(0, count),
        ends: timestampEnds.subarray(0, count),
      },
      activities: { starts: new Uint32Array(count), ends: new Uint32Array(count) },
    },
    indexes: indexes.subarray(0, count),
    counts: {
      events: cut.count,
      dropped: cut.count - count - refused,
      refused,
      rules: Object.fromEntries(
        names.flatMap((name, index) => (writer.met[index]! > 0 ? [[name, writer.met[index]!]] : [])),
      ),
    },
    hides: true,
    unmapped: 0,
  };
}

function flagsOf(raw: number, { isEmpty, hasRelayMember }: ViewWriter): number {
  if ((raw & eventFlags.object) === 0) return raw;
  return (
    eventFlags.object | (isEmpty ? eventFlags.empty : 0) | (hasRelayMember ? eventFlags.ownRelayMember : 0)
  );
}

/** A line break can only stand between tokens. */
function asSpace(byte: number): number {
  return byte === 0x0a || byte === 0x0d ? 0x20 : byte;
}

/** The names of a view's rules, in the order of `ViewWriter.met`. */
function ruleNames({ activities = { drop: [] }, members }: CompiledView): readonly string[] {
  const [does, names] = 'keep' in activities ? ['keep', activities.keep] : ['drop', activities.drop];
  return [
    ...names.map((name) => `${does} ${name}`),
    ...members.map((rule) => `${rule.action} ${writtenPath(rule)}`),
  ];
}
